/** What is shown within answers. */
export const enContent = {
  "diagram.draw": "Draw the diagram",
  "diagram.drawing": "Drawing…",
  "diagram.hide": "Show its source alone",
  "diagram.again": "Close",
  "diagram.name": "Diagram",
  "diagram.alt": "Diagram; its source follows.",
  "diagram.source": "Source of the diagram",
  "diagram.drawn": "The diagram is drawn.",
  "diagram.wrong":
    "It could not be drawn: its source has a fault. Ask for the diagram again, or mend it by hand.",
  "diagram.notLoaded": "What draws diagrams could not be loaded. The source is all here.",
  "diagram.tooSlow": "Drawing took too long and was stopped. The source is all here.",
  "diagram.tooLong": "This diagram is too long to be drawn. Its source is all here.",
};
