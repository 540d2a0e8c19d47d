export const enOffline = {
  "offline.title": "No connection.",
  "offline.works": "You can read on; what you send goes later.",
  "offline.asOf": "As of {time}.",
  "offline.notKept": "This page is not kept on this device. It opens when the line is back.",
  "update.ready": "A new version of Lamla is here. What you type is kept.",
  "update.take": "Reload",

  "outbox.waiting": "Waiting for the line",
  "outbox.next": "Goes once the answer before it is there",
  "outbox.refused": "Not sent: {reason}",
  "outbox.edit": "Edit",
  "outbox.cancel": "Discard",
  "outbox.again": "Try again",
  "outbox.save": "Keep for sending",
  "outbox.field": "Your waiting message",
  "outbox.elsewhere": {
    one: "{n} message is not sent yet",
    other: "{n} messages are not sent yet",
  },

  "traffic.title": "Data used on this device",
  "traffic.used": "{today} today, {month} this month",
  "traffic.counts":
    "What this browser sent to Lamla and got from it, as far as it tells the page: without the line's own overhead, and without what was kept here already.",
  "traffic.answer": "Data",
};
