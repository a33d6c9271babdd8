"""The test bench, which asks whether the assistant decides well."""
