import { Component, type ReactNode } from "react";

/** What stands beside the text and fails, or cannot be loaded without a network, is left out: the text stays. */
export class Quiet extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidCatch(error: unknown) {
    console.error("a notice failed", error);
  }

  override render() {
    return this.state.isBroken ? null : this.props.children;
  }
}
