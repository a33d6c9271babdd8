from eval.looks.ratio import alarms


def test_asking_daily_raises_false_alarms_with_chi_square_and_none_to_speak_of_in_sequence() -> None:
    sound = alarms(0.5, 4_000, seed=7)
    assert sound.daily > 0.05 > 0.015 > sound.at_the_end
    assert sound.sequential <= 0.01


def test_a_leak_of_two_points_is_found_by_both() -> None:
    leaking = alarms(0.48, 1_000, seed=8)
    assert leaking.sequential > 0.99 and leaking.at_the_end > 0.99
