"""In which order the files of tests are taken: the slowest first, so that `pytest -n` leaves no core idle at the end.

Whichever process is free takes the next file (`--dist loadfile`). Any order gives the same results.
"""

# First, what others need: the kernels that a flight calls, compiled in one process, while the second has those of the
# small set with bounds checked. The fourth file comes to the first process, which has most of its kernels by then. The
# others cost more than five seconds of processor time when they were last measured (docs/decisions/time-of-ci.md).
SLOWEST = (
    "kernels/test_ahead.py",
    "kernels/test_modes.py",
    "test_plots.py",
    "kernels/test_navigation.py",
    "flights/test_face_flies.py",
    "flights/test_phasing_and_homing.py",
    "test_tutorials.py",
    "flights/test_files_for_others.py",
    "test_stopped.py",
    "flights/test_bytes.py",
    "test_plot_style.py",
    "flights/test_dispersed_ascents.py",
    "test_examples.py",
    "test_types.py",
    "test_launch_verdicts.py",
    "test_launch_windows.py",
    "fuzz/test_fuzz.py",
    "kernels/test_multistep.py",
    "test_odd_spans.py",
    "flights/test_docking.py",
    "test_report_page.py",
    "test_viewer_page.py",
    "test_plain_words.py",
    "test_exit_codes.py",
    "test_collision_probability.py",
    "test_screening.py",
    "test_station_keeping.py",
    "test_avoidance.py",
    "test_avoid.py",
    "test_launch_blackouts.py",
    "test_spacewalks.py",
    "test_decay.py",
    "test_passes.py",
    "flights/test_soyuz_iss.py",
    "test_iss.py",
    "test_export.py",
    "test_docking_windows.py",
    "test_vector.py",
    "test_report_plots.py",
    "test_live_page.py",
    "test_knowledge.py",
    "test_names.py",
    "flights/test_rules.py",
    "test_standard_streams.py",
    "test_fault_list.py",
    "flights/test_dispersed.py",
    "test_limits.py",
    "test_face.py",
    "test_cli.py",
    "flights/test_dispersed_docking.py",
    "flights/test_budgets.py",
    "test_phasing_plan.py",
    "test_architecture.py",
    "test_scenario.py",
    "test_propagate_cli.py",
    "test_rotation.py",
)


def place(file: str) -> int:
    """Of a file, named from this folder; those that are not named follow, in the order in which they were found."""
    return SLOWEST.index(file) if file in SLOWEST else len(SLOWEST)
