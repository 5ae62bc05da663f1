"""The screen's threads and what they do for it; nothing here touches a widget."""
