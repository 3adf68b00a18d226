"""What the model says in the benchmarks of speech: plain English, some of each length."""

ANSWERS = {
    15: (
        "Bees beat their four wings very fast. That is how they stay in the air.",
        "The train to Lviv leaves at nine, and you can buy a ticket on board.",
        "Put the rice in cold water first, then let it boil gently for fifteen minutes.",
    ),
    30: (
        (
            "Cats purr by moving the muscles of the throat very quickly. They do it when they "
            "feel safe, but also when they are hurt. It calms them in both cases."
        ),
        (
            "You can keep bread fresh for longer if you put it in a paper bag. A plastic bag "
            "keeps the water in, so the crust goes soft and mould grows."
        ),
        (
            "Yes, that works. Take the second street on the left after the bridge, walk past "
            "the old school, and you will see the museum behind the little park with fountains."
        ),
    ),
    60: (
        (
            "The moon pulls at the sea, and the water on the near side rises towards it. On the "
            "far side the water rises too, because the moon pulls the earth away from it. As "
            "the earth turns, each coast passes through both hills of water. That is why most "
            "beaches have two high tides a day, about twelve hours apart."
        ),
        (
            "I would start with the soil. Tomatoes like it loose and warm, so mix in some "
            "compost and wait until the nights are mild. Plant them deep, because roots grow "
            "from the stem as well. Water them in the morning, and never on the leaves. When "
            "the first flowers come, tie the stem to a stick against the strong wind."
        ),
        (
            "There are three good reasons to walk to work. First, it costs nothing and needs no "
            "planning. Second, half an hour of walking a day keeps the heart healthy, and most "
            "people sleep better after it. Third, you notice what changes around you: a new "
            "shop, a tree in bloom, a neighbour you had not met. Try it one week."
        ),
    ),
}
"""Answers by the number of their words."""
