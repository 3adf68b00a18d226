"""The nodes of the fake ComfyUI: what they take, as /object_info tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MODELS = {
    "checkpoints": ["sd_xl_base_1.0.safetensors", "flux1-schnell-fp8.safetensors"],
    "diffusion_models": ["wan2.2_ti2v_5B_fp16.safetensors"],
    "text_encoders": ["umt5_xxl_fp8_e4m3fn_scaled.safetensors"],
    "vae": ["wan2.2_vae.safetensors"],
    "upscale_models": ["RealESRGAN_x4plus.pth"],
}
"""The weights that the shipped graphs want, by the folder in which they lie."""

SAMPLERS = ["euler", "dpmpp_2m", "uni_pc", "ddim"]
SCHEDULERS = ["simple", "karras", "normal"]
SCALES = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]


@dataclass(frozen=True, slots=True)
class Node:
    """A class of nodes: its inputs, the types that it gives, whether it saves something.

    An input is a type, or a list of choices; a folder of weights is written "models/folder". The
    `newer` ones tell their choices as "COMBO". An input that need not be there ends in "?".
    """

    takes: Mapping[str, Any]
    gives: Sequence[str] = ()
    saves: bool = False
    newer: bool = False


SEED = ["INT", {"default": 0, "min": 0, "max": 2**64 - 1, "control_after_generate": True}]
SIZE = ["INT", {"default": 512, "min": 1, "max": 16384, "step": 1}]
BATCH = ["INT", {"default": 1, "min": 1, "max": 4096}]
TEXT = ["STRING", {"multiline": True, "dynamicPrompts": True}]
PREFIX = ["STRING", {"default": "ComfyUI", "tooltip": "The prefix for the file to save."}]
COLOR = ["INT", {"default": 0, "min": 0, "max": 0xFFFFFF, "step": 1, "display": "color"}]


def number(low: float, high: float, usual: float) -> list[Any]:
    """A number with a point."""
    return ["FLOAT", {"default": usual, "min": low, "max": high, "step": 0.01}]


LATENT = {"width": SIZE, "height": SIZE, "batch_size": BATCH}
NODES: dict[str, Node] = {
    "CheckpointLoaderSimple": Node({"ckpt_name": "models/checkpoints"}, ("MODEL", "CLIP", "VAE")),
    "UNETLoader": Node(
        {"unet_name": "models/diffusion_models", "weight_dtype": ["default", "fp8_e4m3fn"]},
        ("MODEL",),
    ),
    "CLIPLoader": Node(
        {
            "clip_name": "models/text_encoders",
            "type": ["stable_diffusion", "wan", "flux"],
            "device?": ["default", "cpu"],
        },
        ("CLIP",),
    ),
    "VAELoader": Node({"vae_name": "models/vae"}, ("VAE",)),
    "UpscaleModelLoader": Node(
        {"model_name": "models/upscale_models"}, ("UPSCALE_MODEL",), newer=True
    ),
    "LoadImage": Node({"image": "input"}, ("IMAGE", "MASK")),
    "CLIPTextEncode": Node({"text": TEXT, "clip": ["CLIP", {}]}, ("CONDITIONING",)),
    "EmptyLatentImage": Node(LATENT, ("LATENT",)),
    "EmptySD3LatentImage": Node(LATENT, ("LATENT",)),
    "KSampler": Node(
        {
            "model": ["MODEL", {}],
            "seed": SEED,
            "steps": ["INT", {"default": 20, "min": 1, "max": 10000}],
            "cfg": number(0.0, 100.0, 8.0),
            "sampler_name": SAMPLERS,
            "scheduler": SCHEDULERS,
            "positive": ["CONDITIONING", {}],
            "negative": ["CONDITIONING", {}],
            "latent_image": ["LATENT", {}],
            "denoise": number(0.0, 1.0, 1.0),
        },
        ("LATENT",),
    ),
    "ModelSamplingSD3": Node(
        {"model": ["MODEL", {}], "shift": number(0.0, 100.0, 3.0)}, ("MODEL",)
    ),
    "Wan22ImageToVideoLatent": Node(
        {
            "vae": ["VAE", {}],
            "width": ["INT", {"default": 1280, "min": 32, "max": 16384, "step": 32}],
            "height": ["INT", {"default": 704, "min": 32, "max": 16384, "step": 32}],
            "length": ["INT", {"default": 49, "min": 1, "max": 16384, "step": 4}],
            "batch_size": BATCH,
            "start_image?": ["IMAGE", {}],
        },
        ("LATENT",),
        newer=True,
    ),
    "VAEDecode": Node({"samples": ["LATENT", {}], "vae": ["VAE", {}]}, ("IMAGE",)),
    "VAEEncode": Node({"pixels": ["IMAGE", {}], "vae": ["VAE", {}]}, ("LATENT",)),
    "ImageUpscaleWithModel": Node(
        {"upscale_model": ["UPSCALE_MODEL", {}], "image": ["IMAGE", {}]}, ("IMAGE",), newer=True
    ),
    "ImageScale": Node(
        {
            "image": ["IMAGE", {}],
            "upscale_method": SCALES,
            "width": ["INT", {"default": 512, "min": 0, "max": 16384, "step": 1}],
            "height": ["INT", {"default": 512, "min": 0, "max": 16384, "step": 1}],
            "crop": ["disabled", "center"],
        },
        ("IMAGE",),
    ),
    "ImageScaleBy": Node(
        {
            "image": ["IMAGE", {}],
            "upscale_method": SCALES,
            "scale_by": number(0.01, 8.0, 1.0),
        },
        ("IMAGE",),
    ),
    "ImageBlend": Node(
        {
            "image1": ["IMAGE", {}],
            "image2": ["IMAGE", {}],
            "blend_factor": number(0.0, 1.0, 0.5),
            "blend_mode": ["normal", "multiply", "screen", "overlay", "soft_light", "difference"],
        },
        ("IMAGE",),
        newer=True,
    ),
    "EmptyImage": Node({**LATENT, "color": COLOR}, ("IMAGE",)),
    "ImageAddNoise": Node(
        {"image": ["IMAGE", {}], "seed": SEED, "strength": number(0.0, 1.0, 0.5)},
        ("IMAGE",),
        newer=True,
    ),
    "RepeatImageBatch": Node({"image": ["IMAGE", {}], "amount": BATCH}, ("IMAGE",), newer=True),
    "PrimitiveStringMultiline": Node(
        {"value": ["STRING", {"multiline": True}]}, ("STRING",), newer=True
    ),
    "CreateVideo": Node(
        {"images": ["IMAGE", {}], "fps": number(1.0, 120.0, 30.0), "audio?": ["AUDIO", {}]},
        ("VIDEO",),
        newer=True,
    ),
    # the test node with which the true server was recorded
    "ProtoSlow": Node(
        {
            "image": ["IMAGE", {}],
            "steps": ["INT", {"default": 4, "min": 1, "max": 10000}],
            "delay": number(0.0, 10.0, 0.1),
            "fail_at": ["INT", {"default": -1, "min": -1, "max": 10000}],
        },
        ("IMAGE",),
    ),
    "PreviewAny": Node({"source": ["*", {}]}, (), saves=True),
    "PreviewImage": Node({"images": ["IMAGE", {}]}, (), saves=True),
    "SaveImage": Node({"images": ["IMAGE", {}], "filename_prefix": PREFIX}, (), saves=True),
    "SaveAnimatedWEBP": Node(
        {
            "images": ["IMAGE", {}],
            "filename_prefix": PREFIX,
            "fps": number(0.01, 1000.0, 6.0),
            "lossless": ["BOOLEAN", {"default": True}],
            "quality": ["INT", {"default": 80, "min": 0, "max": 100}],
            "method": ["default", "fastest", "slowest"],
        },
        (),
        saves=True,
    ),
    "SaveVideo": Node(
        {
            "video": ["VIDEO", {}],
            "filename_prefix": PREFIX,
            "format": ["auto", "mp4"],
            "codec": ["auto", "h264"],
        },
        (),
        saves=True,
        newer=True,
    ),
    "VHS_VideoCombine": Node(
        {
            "images": ["IMAGE", {}],
            "frame_rate": number(1.0, 120.0, 8.0),
            "loop_count": ["INT", {"default": 0, "min": 0, "max": 100}],
            "filename_prefix": PREFIX,
            "format": ["image/gif", "image/webp", "video/h264-mp4"],
            "pingpong": ["BOOLEAN", {"default": False}],
            "save_output": ["BOOLEAN", {"default": True}],
        },
        ("VHS_FILENAMES",),
        saves=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The nodes that a server has, its weights by their folders, and the pictures handed to it."""

    nodes: dict[str, Node]
    models: dict[str, list[str]]
    pictures: Mapping[str, object]

    def config(self, name: str, key: str) -> list[Any] | None:
        """What an input takes, in the shape of its node; None where there is no such input."""
        node = self.nodes[name]
        takes = node.takes.get(key, node.takes.get(f"{key}?"))
        if isinstance(takes, str):
            folder = takes.removeprefix("models/")
            known = sorted(self.pictures) if takes == "input" else self.models.get(folder, [])
            return _choice(known, {"image_upload": True} if takes == "input" else {}, node.newer)
        if takes and all(isinstance(one, str) for one in takes):
            return _choice(takes, {}, node.newer)
        return None if takes is None else list(takes)

    def info(self, name: str) -> dict[str, Any]:
        """What is told of a class; nothing of one that is not there."""
        if name not in self.nodes:
            return {}
        node, inputs = self.nodes[name], dict[str, dict[str, Any]]()
        for key in node.takes:
            part = "optional" if key.endswith("?") else "required"
            bare = key.removesuffix("?")
            inputs.setdefault(part, {})[bare] = self.config(name, bare)
        told: dict[str, Any] = {
            "input": inputs,
            "input_order": {part: list(found) for part, found in inputs.items()},
            "output": list(node.gives),
            "output_is_list": [False] * len(node.gives),
            "output_name": list(node.gives),
            "name": name,
            "display_name": name,
            "description": "",
            "python_module": "comfy_extras" if node.newer else "nodes",
            "category": "image",
            "output_node": node.saves,
        }
        newer = {"deprecated": False, "experimental": False, "api_node": False}
        return {name: told | newer if node.newer else told}


def _choice(known: Sequence[str], more: Mapping[str, Any], newer: bool) -> list[Any]:
    if newer:
        return ["COMBO", {"multiselect": False, **more, "options": list(known)}]
    return [list(known), dict(more)]
