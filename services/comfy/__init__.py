"""ComfyUI: what its backends share."""
