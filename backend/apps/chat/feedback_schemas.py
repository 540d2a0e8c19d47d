"""Shapes of feedback; the same for whatever it is on."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from apps.chat.models import Feedback
from apps.core.text import CleanText

COMMENT_MAX_CHARS = 2000
RatingName = Literal["up", "down"]
ReasonName = Literal["wrong", "incomplete", "off_topic", "sources", "harmful", "other"]
Comment = Annotated[CleanText, StringConstraints(strip_whitespace=True, max_length=COMMENT_MAX_CHARS)]


class FeedbackIn(Schema):
    model_config = ConfigDict(extra="forbid")

    rating: RatingName | None = Field(description="null takes back what was said before.")
    reason: ReasonName | None = None
    comment: Comment = ""


class FeedbackOut(Schema):
    rating: RatingName
    reason: ReasonName | None
    comment: str
    updated_at: datetime

    @classmethod
    def of(cls, feedback: Feedback) -> "FeedbackOut":
        return cls.model_validate(
            {
                "rating": feedback.rating,
                "reason": feedback.reason or None,
                "comment": feedback.comment,
                "updated_at": feedback.updated_at,
            }
        )
