"""Planning: context in, draft decided, plan composed, checked and priced."""
