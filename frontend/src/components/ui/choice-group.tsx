import { useId } from "react";
import styles from "@/components/ui/choice-group.module.css";

interface ChoiceGroupProps<Value extends string> {
  label: string;
  hint?: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few that all stand there, as radio buttons of the browser itself. */
export function ChoiceGroup<Value extends string>({
  label,
  hint,
  value,
  options,
  onChange,
}: ChoiceGroupProps<Value>) {
  const id = useId();
  return (
    <fieldset className={styles.group} aria-describedby={hint && `${id}hint`}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={id}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${id}hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </fieldset>
  );
}
