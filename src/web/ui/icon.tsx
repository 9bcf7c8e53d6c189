/** Line drawings of 24 × 24, drawn for the portal. They repeat a word that stands beside them, so none is read aloud. */
const drawings = {
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
  arrow: "M5 12h13M13 6.5 18.5 12 13 17.5",
  bank: "M3.5 9.5 12 4l8.5 5.5zM6 10v7M10 10v7M14 10v7M18 10v7M3.5 20h17",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 18.5a2 2 0 0 0 4 0",
  book: "M12 6.5c-2-1.6-4.6-2-8-2v13.5c3.4 0 6 .4 8 2 2-1.6 4.6-2 8-2V4.5c-3.4 0-6 .4-8 2zM12 6.5V20",
  building: "M5 20.5v-16h9v16M14 9.5h5v11M3 20.5h18M8 8.5h3M8 12h3M8 15.5h3",
  check: "M4.5 12.5 9.5 17.5 19.5 7",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 7.5V12l3.5 2",
  crown: "M4 18.5h16M4.5 15.5 3.5 7l5 3.5L12 5l3.5 5.5 5-3.5-1 8.5z",
  download: "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
  help: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.7.4-1.1.9-1.1 1.7v.3M12 16.8v.1",
  inbox: "M4 13.5 6.5 5h11l2.5 8.5v5.5H4zM4 13.5h4.5l1.2 2.5h4.6l1.2-2.5H20",
  key: "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 12h8.5v3.5M17 12v2.5",
  layers: "M12 4l8.5 4.5L12 13 3.5 8.5zM3.5 12.5 12 17l8.5-4.5M3.5 16.5 12 21l8.5-4.5",
  person:
    "M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3.5 20c.6-3.6 3.2-5.5 6.5-5.5 1.7 0 3.2.5 4.4 1.5M18.5 14.5v6M15.5 17.5h6",
  people:
    "M9 11a3.3 3.3 0 1 0 0-6.6A3.3 3.3 0 0 0 9 11M3 19.5c.5-3.4 2.9-5.2 6-5.2s5.5 1.8 6 5.2M15.5 4.8a3.2 3.2 0 0 1 0 6M17.5 14.6c2 .7 3.2 2.3 3.5 4.9",
  plus: "M12 5v14M5 12h14",
  review: "M8.5 5H6v15.5h12V5h-2.5M9 3.5h6v3H9zM9 13l2 2 4-4",
  shield: "M12 3.5 19 6v5.5c0 4.5-2.8 7.5-7 9-4.2-1.5-7-4.5-7-9V6zM9 12l2.2 2.2L15.2 10",
  sliders: "M4 7h9M17 7h3M15 9.5v-5M4 12h3M11 12h9M9 14.5v-5M4 17h9M17 17h3M15 19.5v-5",
  upload: "M12 16V5M7 9.5l5-5 5 5M4.5 20h15",
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="u-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}
