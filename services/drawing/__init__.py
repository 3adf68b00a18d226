"""Drawing and filming: from what somebody writes to the picture, the clip or the GIF."""
