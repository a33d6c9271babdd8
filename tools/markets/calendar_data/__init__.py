"""The data of the market calendars."""
