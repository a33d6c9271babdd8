"""A channel has one address of a contact, and most have none."""

from typing import get_args

from memory.domain.consent import ADDRESS, Contact
from memory.domain.market import Channel


def test_a_channel_writes_to_its_own_address_and_others_to_none() -> None:
    contact = Contact(subject_id="p1", email="zoe@people.example.invalid", phone="+4915", push_token="token-p1")
    assert {channel: contact.address(channel) for channel in get_args(Channel)} == {
        "email": "zoe@people.example.invalid", "sms": "+4915", "push": "token-p1", "onpage": ""
    }  # fmt: skip
    assert not any(Contact(subject_id="p2").address(channel) for channel in ADDRESS)
