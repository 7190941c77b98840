/** The mark of hubchat: a bubble with two lines of talk that meet in one point. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        d="M8 3h16a6 6 0 0 1 6 6v10a6 6 0 0 1-6 6h-8.6l-5.9 4.6A1.5 1.5 0 0 1 7 28.4V25a6 6 0 0 1-5-5.9V9a6 6 0 0 1 6-6Z"
        fill="#12897e"
      />
      <path
        d="M10.5 9v10M21.5 9v10M10.5 14h11"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="16" cy="14" r="2.9" fill="#ffc65c" />
    </svg>
  );
}
