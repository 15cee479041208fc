export function instrument(): void {}
