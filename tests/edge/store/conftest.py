from tests.masked_questions import question, verdict

__all__ = ["question", "verdict"]
