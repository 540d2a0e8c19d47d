import { cutAtMarks } from "@/lib/marked-text";

interface MarkedTextProps {
  text: string;
  /** Where the marks begin and end, in code points. */
  marks: readonly (readonly [number, number])[];
}

/** A text with what was looked for marked in it. */
export function MarkedText({ text, marks }: MarkedTextProps) {
  return cutAtMarks(text, marks).map(({ text: piece, isMarked }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
    isMarked ? <mark key={index}>{piece}</mark> : piece,
  );
}
