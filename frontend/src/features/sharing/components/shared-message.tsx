import { useId } from "react";
import type { Mark } from "@/components/markdown/grammar";
import { LazyMarkdown } from "@/components/markdown/lazy-markdown";
import styles from "@/features/sharing/components/shared.module.css";
import { useT } from "@/i18n/language";
import type { SharedMessage as Message, SharedSource } from "@/types/wire";

/** Where in a file a source stands, in words. */
export type PlaceText = (source: { page: number; label: string }) => string;

interface SharedMessageProps {
  message: Message;
  placeText: PlaceText;
}

/** A question, or an answer with what it rests on; nothing can be done with either. */
export function SharedMessage({ message, placeText }: SharedMessageProps) {
  return message.role === "user" ? (
    <Question message={message} />
  ) : (
    <Answer message={message} placeText={placeText} />
  );
}

function Question({ message: { text, parts } }: { message: Message }) {
  const t = useT();
  const names = parts.flatMap((part) => (part.type === "file" ? [part.filename] : []));
  return (
    <article className={styles.question}>
      <h2 className="visually-hidden">{t("shared.asked")}</h2>
      <p dir="auto">{text}</p>
      {names.length > 0 && <p className={styles.fact}>{t("shared.files", { names: names.join(", ") })}</p>}
    </article>
  );
}

function Answer({ message, placeText }: SharedMessageProps) {
  const t = useT();
  const id = useId();
  const { text, parts, state } = message;
  const sources = parts.filter((part) => part.type === "source");
  const anchor = (index: number) => `${id}-${index}`;
  const citation = (mark: Mark) => {
    const index = sourceOf(sources, mark);
    const source = sources[index];
    if (!source) return null;
    const doubt = source.verified ? "" : `. ${t("shared.unverified")}`;
    return (
      <a
        className={source.verified ? styles.mark : `${styles.mark} ${styles.doubtful}`}
        href={`#${anchor(index)}`}
        aria-label={`${t("answer.citation", { n: mark.n })}${doubt}`}
      >
        {mark.n}
        {!source.verified && <span aria-hidden>?</span>}
      </a>
    );
  };
  return (
    <article className={styles.answer}>
      <h2 className="visually-hidden">{t("shared.answered")}</h2>
      <LazyMarkdown text={text} isOpen={false} context={{ citation }} />
      {state !== "complete" && <p className={styles.fact}>{t(`shared.state.${state}`)}</p>}
      {sources.length > 0 && (
        <section className={styles.sources} aria-label={t("shared.sources")}>
          <ol>
            {sources.map((source, index) => (
              <Source
                // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
                key={index}
                id={anchor(index)}
                source={source}
                place={placeText(source)}
              />
            ))}
          </ol>
        </section>
      )}
    </article>
  );
}

function Source({ id, source, place }: { id: string; source: SharedSource; place: string }) {
  const t = useT();
  const { n, filename, quote, verified } = source;
  return (
    <li id={id} className={styles.source}>
      <span className={styles.number}>{n}</span>
      <div>
        {quote && <blockquote dir="auto">{quote}</blockquote>}
        <p className={styles.fact}>
          <span dir="auto">{filename}</span>
          {place && `, ${place}`}
          {!verified && ` – ${t("shared.unverified")}`}
        </p>
      </div>
    </li>
  );
}

/** Where the claim of a mark is among the sources: those of one number come in the order of their marks. */
function sourceOf(sources: SharedSource[], { n, before }: Mark): number {
  const indices = sources.flatMap((source, index) => (source.n === n && source.cited ? [index] : []));
  return indices[before] ?? indices.at(-1) ?? -1;
}
