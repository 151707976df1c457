"""One module a command of ``liangdian``, each with ``add_arguments(parser)`` and ``run(args) -> int``."""
