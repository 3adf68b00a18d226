"""The one door to pydub: sound in memory, a few seconds of it, to be measured, cut and joined.

pydub never starts ffmpeg here. Its import warns of what it does not find and of its age, which is
nobody's business but ours.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment  # type: ignore[import-untyped]
    from pydub.silence import (  # type: ignore[import-untyped]
        detect_leading_silence,
        detect_silence,
    )

__all__ = ["AudioSegment", "detect_leading_silence", "detect_silence", "mono"]


def mono(samples: bytes, rate: int) -> AudioSegment:
    """One channel of 16-bit samples; half a sample at the end is dropped."""
    whole = samples[: len(samples) // 2 * 2]
    return AudioSegment(whole, sample_width=2, frame_rate=rate, channels=1)
