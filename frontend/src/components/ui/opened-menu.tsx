import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type ButtonHTMLAttributes, type ReactElement, type ReactNode, useEffect, useRef } from "react";
import styles from "@/components/ui/menu.module.css";

export interface MenuProps {
  /** The button that opens the menu; it must take a ref and spread its props. */
  trigger: ReactElement<TriggerProps>;
  side?: "top" | "bottom";
  align?: "start" | "end";
  children: ReactNode;
}

export type TriggerProps = ButtonHTMLAttributes<HTMLButtonElement>;

/** Opens where it stands in the page, not at its end: so it also works inside a modal dialog, where all else is inert. */
export function OpenedMenu({ trigger, side = "bottom", align = "end", children, ...first }: OpenedMenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Content
        ref={useFirstItem(first.isByKey)}
        className={styles.menu}
        side={side}
        align={align}
        sideOffset={4}
        collisionPadding={8}
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface OpenedMenuProps extends MenuProps {
  /** The first opening was asked for by a key. */
  isByKey: boolean;
}

/** Who opens it by a key stands on its first item: Radix, which comes with the first opening, has not seen that key. */
function useFirstItem(isByKey: boolean) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isByKey) content.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
  }, [isByKey]);
  return content;
}

export interface MenuItemProps {
  icon?: ReactNode;
  tone?: "plain" | "danger";
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, tone = "plain", onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={`${styles.item} ${styles[tone]}`} onSelect={onSelect}>
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}

export interface MenuLinkProps {
  icon?: ReactNode;
  href: string;
  /** What is there is kept as a file, the page stays. */
  isDownload?: boolean;
  children: ReactNode;
}

/** An address as one of a menu's items. */
export function MenuLink({ icon, href, isDownload = false, children }: MenuLinkProps) {
  return (
    <DropdownMenu.Item asChild className={`${styles.item} ${styles.plain}`}>
      <a href={href} download={isDownload}>
        {icon}
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

export interface MenuChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; hint?: string }[];
  onChange: (value: Value) => void;
}

/** One of several, with the chosen one marked. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <DropdownMenu.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
    >
      <DropdownMenu.Label className={styles.label}>{label}</DropdownMenu.Label>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={styles.item}>
          <span className={styles.check}>
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden />
            </DropdownMenu.ItemIndicator>
          </span>
          <span>
            {option.label}
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
