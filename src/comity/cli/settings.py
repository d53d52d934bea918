"""The options that every command takes, as they were typed or stand in the environment."""


class Settings:
    """What the options say that every command takes."""

    __slots__ = ("acting", "folder", "json", "quiet")

    def __init__(self) -> None:
        self.folder: str | None = None
        self.acting: str | None = None
        self.json = False
        self.quiet = False
