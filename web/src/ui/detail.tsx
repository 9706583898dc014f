import { Breadcrumbs, Title } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The skeleton of every detail page: a header card with the state, then what follows. */
export function Detail(props: {
  up: { label: string; link: LinkProps };
  title: string;
  state: ReactNode;
  asOf: ReactNode;
  facts: readonly Fact[];
  actions?: ReactNode;
  art?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="tt-detail">
      <Breadcrumbs separator="›">
        <Link {...props.up.link}>{props.up.label}</Link>
        <span>{props.title}</span>
      </Breadcrumbs>
      <section className="tt-card tt-detail-head" data-testid="detail-head">
        {props.art}
        <div className="tt-detail-main">
          <div className="tt-detail-title">
            <Title order={1} size={24}>
              {props.title}
            </Title>
            {props.state}
            <span className="tt-detail-asof">{props.asOf}</span>
          </div>
          <Facts facts={props.facts} />
        </div>
        {props.actions !== undefined && <div className="tt-detail-actions">{props.actions}</div>}
      </section>
      {props.children}
    </div>
  );
}

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="tt-facts">
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
