class Refusal(Exception):
    """Why a file is not taken; the message is for the screen."""
