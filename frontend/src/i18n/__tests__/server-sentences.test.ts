import { expect, test } from "vitest";
import { french } from "@/i18n/fr-pack";
import { ENGLISH } from "@/i18n/languages";
import { serverText } from "@/i18n/server-sentences";

const SEEN = "Shown to the model as 2 pictures: “page.jpg”, “board.png”.";

test("English is shown as the gateway says it", () => {
  expect(serverText(ENGLISH, "image_seen", SEEN)).toBe(SEEN);
});

test.each([
  ["image_seen", SEEN, "Montré au modèle comme image : « page.jpg », « board.png »."],
  ["image_by_ocr", "“page.jpg” went to the model as text.", "« page.jpg » : le modèle n’a pas vu l’image"],
  ["images_dropped", "Tutor cannot see pictures.", "Ce modèle ne voit pas les images"],
  ["documents_reading", "The files are being read: 3 of 12 pages.", "Les fichiers sont en cours de lecture…"],
  ["documents_unfinished", "Some files are still being read.", "Des fichiers sont encore en cours"],
  [
    "document_encrypted",
    "“exam.pdf” is protected by a password.",
    "Ce fichier est protégé par un mot de passe.",
  ],
  ["quota_exceeded", "What you can use in a day is used up.", "Votre part de la journée est utilisée"],
])("%s is said in French, with the names of files", (code, said, sentence) => {
  expect(serverText(french, code, said).replaceAll("\u00a0", " ")).toContain(sentence);
});

test("what is not known in French stays as it was said", () => {
  expect(serverText(french, "new_code", "Something new.")).toBe("Something new.");
  expect(serverText(french, "constructor", "Something new.")).toBe("Something new.");
});
