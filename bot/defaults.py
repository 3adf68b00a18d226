"""The backends that are asked where the file names none: what usually runs on such a machine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.settings import BackendTable
from domain.routes import Category

LOCAL_CHAT = (
    BackendTable(
        skill="chat",
        position=1,
        source="defaults",
        use="services.backends.openai_compatible:OpenAIChat",
        label="MLX",
        url="http://127.0.0.1:11435/v1",
        model="mlx-community/Qwen2.5-7B-Instruct-4bit",
    ),
    BackendTable(
        skill="chat",
        position=2,
        source="defaults",
        use="services.backends.ollama:OllamaChat",
        label="Ollama",
        url="http://127.0.0.1:11434",
        model="phi3.5:3.8b",
        slots=4,
    ),
)

EMBEDDED_CHAT = BackendTable(
    skill="chat",
    position=3,
    source="defaults",
    use="services.backends.embedded_llama:EmbeddedLlamaChat",
    label="Embedded",
    slots=2,
)

LOCAL_HEAR = (
    BackendTable(
        skill="hear",
        position=1,
        source="defaults",
        use="services.backends.whisper_cpp:WhisperCppTranscriber",
        label="whisper.cpp",
        url="http://127.0.0.1:8178",
    ),
    BackendTable(
        skill="hear",
        position=2,
        source="defaults",
        use="services.backends.wyoming:WyomingTranscriber",
        label="Wyoming Whisper",
        url="tcp://127.0.0.1:10300",
    ),
)

EMBEDDED_HEAR = BackendTable(
    skill="hear",
    position=3,
    source="defaults",
    use="services.backends.embedded_whisper:EmbeddedWhisperTranscriber",
    label="Embedded Whisper",
)

LOCAL_SPEAK = (
    BackendTable(
        skill="speak",
        position=1,
        source="defaults",
        use="services.backends.piper_http:PiperHttpSynthesizer",
        label="Piper",
        url="http://127.0.0.1:5000",
    ),
    BackendTable(
        skill="speak",
        position=2,
        source="defaults",
        use="services.backends.wyoming:WyomingSynthesizer",
        label="Wyoming Piper",
        url="tcp://127.0.0.1:10200",
    ),
)

EMBEDDED_SPEAK = BackendTable(
    skill="speak",
    position=3,
    source="defaults",
    use="services.backends.embedded_piper:EmbeddedPiperSynthesizer",
    label="Embedded Piper",
)

LOCAL_VISION = (
    BackendTable(
        skill="vision",
        position=1,
        source="defaults",
        use="services.backends.moondream_station:MoondreamVision",
        label="Moondream",
        url="http://127.0.0.1:2020/v1",
        categories=(Category.VISION,),
    ),
    BackendTable(
        skill="vision",
        position=2,
        source="defaults",
        use="services.backends.ollama:OllamaVision",
        label="Ollama moondream",
        url="http://127.0.0.1:11434",
        model="moondream",
        categories=(Category.VISION,),
    ),
    BackendTable(
        skill="vision",
        position=3,
        source="defaults",
        use="services.backends.ollama:OllamaVision",
        label="Ollama llava",
        url="http://127.0.0.1:11434",
        model="llava:7b",
        categories=(Category.VISION_PDF,),
    ),
)

EMBEDDED_VISION = BackendTable(
    skill="vision",
    position=4,
    source="defaults",
    use="services.backends.embedded_ocr:EmbeddedOcrVision",
    label="Embedded OCR",
)

LOCAL: Mapping[str, tuple[BackendTable, ...]] = MappingProxyType(
    {"chat": LOCAL_CHAT, "hear": LOCAL_HEAR, "speak": LOCAL_SPEAK, "vision": LOCAL_VISION}
)

EMBEDDED: Mapping[str, BackendTable] = MappingProxyType(
    {
        "chat": EMBEDDED_CHAT,
        "hear": EMBEDDED_HEAR,
        "speak": EMBEDDED_SPEAK,
        "vision": EMBEDDED_VISION,
    }
)
"""Who works where nothing else runs."""


def usual(skill: str, *, embedded: bool) -> tuple[BackendTable, ...]:
    """The chain of a skill, with the engine of our own at its end; empty where we know none."""
    own = (EMBEDDED[skill],) if embedded and skill in EMBEDDED else ()
    return (*LOCAL.get(skill, ()), *own)
