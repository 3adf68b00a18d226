"""What ffmpeg is told to do with a stranger's file: as little as possible."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.sound.kinds import Kind

HEADER = 44
"""Bytes before the samples of what it writes."""

_DECODERS = (
    "opus,libopus,vorbis,libvorbis,speex,libspeex,flac,alac,"
    "mp3,mp3float,mp2,mp2float,mp1,mp1float,aac,aac_fixed,aac_latm,ac3,ac3_fixed,eac3,"
    "amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,gsm,gsm_ms,libgsm,libgsm_ms,"
    "wmav1,wmav2,wmapro,wmavoice,wmalossless,"
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,"
    "pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,"
    "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_g722,adpcm_g726"
)
"""Decoders of sound. No other is ever opened: with -vn alone a cover of half a megabyte is still
unpacked, into half a gigabyte, to see how large it is."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Write the first sound of `file` as WAV: one channel, 16 bits, at most so many seconds."""

    file: Path
    form: Kind
    into: Path
    rate: int
    seconds: int

    def arguments(self) -> tuple[str, ...]:
        """The command line; `-f` names the reader, so that no list of other files is followed."""
        size = HEADER + (self.seconds + 1) * self.rate * 2
        return (
            *("-threads", "1", "-codec_whitelist", _DECODERS, "-f", self.form.reader),
            *("-i", f"file:{self.file}", "-map", "0:a:0", "-vn", "-sn", "-dn"),
            *("-map_metadata", "-1", "-ac", "1", "-ar", str(self.rate), "-c:a", "pcm_s16le"),
            *("-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "wav"),
            *("-t", str(self.seconds), "-fs", str(size), f"file:{self.into}"),
        )
