"""Lines of simcord's scripts, with the lines by which the demo replaces them.

simcord 3.2.1 shows only one channel, has no menu of apps, and never updates relative times. It mistakes scrolling while it
draws for the reader's, and then stops following the conversation. On a narrow screen each pasted link causes that, since the
message box grows for the link and shrinks when it is emptied. A menu keeps showing the picked option, whatever the bot
answered.
"""

import json
from collections.abc import Mapping

SUMMARISE = "Summarise studies"
"""The bot's entry in the menu *Apps* of a message, which the page shows as a button beside *Reply*."""
CHANNELS = "$CHANNELS"
"""The placeholder in a script for the channels' pairs of ID and name."""
MENDED: Mapping[str, Mapping[str, str]] = {
    "timeline.js": {
        'if (!state.ready && state.scrollIntent?.policy === "target") return;': "if (!state.ready) return;",
        # A reader near the end counts as at the end.
        "ui.timeline.clientHeight <= 1 ?": "ui.timeline.clientHeight <= 240 ?",
    },
    "text.js": {
        "new Date(options.presentationTime || 0)": "new Date()",
        'const time = node("time", "discord-timestamp", rendered);': """
  const time = node("time", "discord-timestamp", rendered);
  if (style === "R" && !options.ticking) {
    const ticking = setInterval(() => {
      if (!time.isConnected) return clearInterval(ticking);
      const now = document.createElement("span");
      renderTimestamp(now, token, { ...options, ticking: true });
      time.textContent = now.textContent;
    }, 5000);
  }""",
    },
    "select-drafts.js": {
        # The picked option is shown until the bot has answered.
        "    state.snapshot = snapshot;\n    state.publishedRevision": """
    if (snapshot.publishedRevision !== state.publishedRevision && !state.dropdown) {
      const kept = [state.selectDrafts, state.selectStatuses, state.candidateIdentities, state.candidateQueries,
        state.selectValidationRevisions, state.pendingSelectValidations];
      for (const key of state.drafts.keys()) for (const map of kept) map.delete(key);
      state.drafts.clear();
    }
    state.snapshot = snapshot;
    state.publishedRevision""",
    },
    "messages.js": {
        "    if (toolbar.childElementCount) root.append(toolbar);": f"""
    if (typeof options.onApp === "function" && !message.ephemeral) {{
      const button = node("button", "message-action-button", {json.dumps(SUMMARISE)});
      button.type = "button";
      button.title = {json.dumps(f"Apps > {SUMMARISE}")};
      button.style.width = "max-content";
      button.style.padding = "0 8px";
      button.dataset.controlKey = `message:${{message.id}}:action:app`;
      button.addEventListener("click", () => options.onApp(message));
      toolbar.append(button);
    }}
    if (toolbar.childElementCount) root.append(toolbar);""",
    },
    "surfaces.js": {
        # A kind of action that the page has already, with the name of the entry added to its fields.
        "    onPin: channelLayout ?": f"""
    onApp: channelLayout ? (item) => dispatch("set_pinned", {{
      target_id: String(item.id), pinned: Boolean(item.pinned), app: {json.dumps(SUMMARISE)},
    }}) : null,
    onPin: channelLayout ?""",
    },
    "actions.js": {'set_pinned: "Pin updated"': 'set_pinned: "Done"'},
    "workbench.js": {
        '  ui.viewer.value = snapshot.viewerId || "";': """
  ui.viewer.value = snapshot.viewerId || "";
  const picker = document.getElementById("channel-picker");
  if (picker) picker.value = String(snapshot.channelId);""",
    },
    "app.js": {
        "ui.viewer.addEventListener(": """
const place = document.createElement("label");
place.className = "viewer-control";
const picker = document.createElement("select");
picker.id = "channel-picker";
picker.setAttribute("aria-label", "Channel");
for (const [id, name] of $CHANNELS) picker.add(new Option(name, id));
picker.addEventListener("change", () => dispatch("viewer", { viewer_id: ui.viewer.value, channel_id: picker.value }));
place.append(picker);
ui.viewer.closest("label").after(place);
if (matchMedia("(max-width: 600px)").matches) {
  for (const wide of [".preview-brand", "#capture-open"]) document.querySelector(wide).style.display = "none";
}
ui.viewer.addEventListener(""",
    },
}
"""For each script, the original lines with their replacements."""
