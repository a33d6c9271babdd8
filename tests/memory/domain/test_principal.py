"""Deny by default, per shop, and no approving agent."""

import pytest

from memory.domain.errors import NotPermitted
from memory.domain.principal import PERMISSIONS, Grant, Principal


def test_d3_a_role_in_one_shop_is_nothing_in_another() -> None:
    mia = Principal(id="mia", name="Mia", grants=(Grant(shop_id="north", role="admin"),))
    assert mia.may("import", "north")
    assert not mia.may("read", "south")
    with pytest.raises(NotPermitted, match="may not read in shop south"):
        mia.require("read", "south")


def test_s2_24_the_agent_can_neither_approve_nor_touch_guardrails_whatever_its_grants() -> None:
    agent = Principal(
        id="agent",
        name="Agent",
        kind="agent",
        grants=(Grant(shop_id="north", role="agent"), Grant(shop_id="north", role="approver")),
    )
    assert agent.may("plan", "north")
    assert not agent.may("approve", "north")
    assert not agent.may("guardrail", "north")


def test_d1_no_role_both_drafts_and_approves() -> None:
    assert not [role for role, held in PERMISSIONS.items() if {"plan", "approve"} <= held]
