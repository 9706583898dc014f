import { ApiProblem } from './problem.js';

/** Shares the database between customers. Customers are UUIDs. */
export interface CustomerTurns {
  /**
   * Does the work when it is this customer's turn.
   * @throws ApiProblem `too-many-requests` when too much of the customer waits already; what the work throws.
   */
  run<T>(customer: string, work: () => Promise<T>): Promise<T>;
}

export interface CustomerTurnsOptions {
  /** Work of one customer that may be in progress at once. */
  readonly atOnce: number;
  /** Work of one customer that may wait; more is turned away. */
  readonly waiting: number;
}

interface Customer {
  running: number;
  readonly queue: (() => void)[];
}

/**
 * However much one customer asks, it holds a part of the database connections only: its own requests
 * wait for each other, in the order in which they came, and those of others do not.
 */
export function createCustomerTurns({ atOnce, waiting }: CustomerTurnsOptions): CustomerTurns {
  const customers = new Map<string, Customer>();

  async function enter(name: string): Promise<Customer> {
    const customer = customers.get(name) ?? { running: 0, queue: [] };
    customers.set(name, customer);
    if (customer.running < atOnce) {
      customer.running += 1;
      return customer;
    }
    if (customer.queue.length >= waiting) {
      throw new ApiProblem('too-many-requests', 'Too many requests of this customer wait already; try again soon.', {
        retryAfter: 1,
      });
    }
    await new Promise<void>((resolve) => customer.queue.push(resolve));
    return customer;
  }

  /** The turn goes to the next in the queue as it is, so that nobody who comes now slips in between. */
  function leave(name: string, customer: Customer): void {
    const next = customer.queue.shift();
    if (next !== undefined) next();
    else if (--customer.running === 0) customers.delete(name);
  }

  return {
    run: async (name, work) => {
      const customer = await enter(name);
      try {
        return await work();
      } finally {
        leave(name, customer);
      }
    },
  };
}
