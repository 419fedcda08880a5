import { LitElement } from 'lit';

/** A part of the console's page; it renders into the page itself, where console.css reaches it. */
export abstract class ConsoleElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
