"""The demonstration: three simulated rounds on the structure of a real city.

Everything passes through the same actions as people's work, with the moment at
which it would have been done; nothing here knows a second way to store a score.
The command is ``manage.py load_demo`` (councils/management/commands/).

    sources    agencies, groups and criteria from scoring/demo_data/
    calendar   phases around the day the demonstration runs
    simulate   declared data, made up from a skill and a fixed seed
    stories    what happens to one leaf: claimed, appraised, explained
    people     accounts named by role
    papers     evidence documents, marked as simulated
    rounds     a round with its groups and files
    work       agencies, appraisers and surveys at work in a round
    notices    what the accounts have been told
    years      the three rounds
"""
