// Small line drawings, 20 by 20, in the colour of the text around them.
const PATHS = {
  arrowUp: 'M10 16V4.5M4.8 9.5 10 4.3l5.2 5.2',
  arrowRight: 'M4 10h11.5M10.5 5l5 5-5 5',
  check: 'm4.5 10.5 3.6 3.6 7.4-8',
  stop: 'M6 6h8v8H6z',
  chevron: 'm6 8 4 4 4-4',
  sun: 'M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8ZM10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.4 4.4l1.1 1.1M14.5 14.5l1.1 1.1M15.6 4.4l-1.1 1.1M5.5 14.5l-1.1 1.1',
  moon: 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z',
  question: 'M7.4 7.6a2.6 2.6 0 1 1 3.7 2.4c-.7.3-1.1.9-1.1 1.6v.4M10 15.2v.1',
  plus: 'M10 4.5v11M4.5 10h11',
  copy: 'M7.5 7.5V4.2h8.3v8.3h-3.3M4.2 7.5h8.3v8.3H4.2z',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6.2V10l2.6 1.6',
  cross: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
  mail: 'M3 5h14v10H3zM3.4 5.6 10 10.8l6.6-5.2',
  inbox: 'M3 11.5 5.4 4.5h9.2L17 11.5v4H3zM3 11.5h4l1 2h4l1-2h4',
  skip: 'M4.5 5.2v9.6L11 10zM14.8 5v10',
  pause: 'M7 5v10M13 5v10',
  search: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4ZM13 13l3.5 3.5',
  people:
    'M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM2.5 16c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5M13 4.2a2.6 2.6 0 0 1 0 5M14.6 11.8c1.8.5 2.9 2 2.9 4.2',
  warning: 'M10 3.2 2.8 16h14.4zM10 8.4v3.4M10 13.9v.1',
  arrowDown: 'M10 4v11.5M4.8 10.5l5.2 5.2 5.2-5.2',
  arrowLeft: 'M16 10H4.5M9.5 5l-5 5 5 5',
  close: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
  grip: 'M7.5 5v.1M12.5 5v.1M7.5 10v.1M12.5 10v.1M7.5 15v.1M12.5 15v.1',
  pencil: 'm4.5 15.5.7-3.2 8-8a1.8 1.8 0 0 1 2.5 2.5l-8 8zM11.8 5.6l2.6 2.6',
  menu: 'M3.5 6h13M3.5 10h13M3.5 14h13',
  resize: 'M15.5 8.5v7h-7',
} as const

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d={PATHS[name]} stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
