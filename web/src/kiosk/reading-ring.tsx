/** A ring that turns around the seconds that have passed. */
export function ReadingRing(props: {
  readonly seconds: number;
  readonly title: string;
  readonly text: string;
  readonly help: string;
}) {
  return (
    <main className="tk-main" data-tone="busy">
      <div className="tk-message" role="status">
        <div className="tk-ring" aria-hidden>
          <span>{props.seconds}</span>
        </div>
        <div>
          <h1>{props.title}</h1>
          <p className="tk-text">{props.text}</p>
          <p className="tk-help">{props.help}</p>
        </div>
      </div>
    </main>
  );
}
