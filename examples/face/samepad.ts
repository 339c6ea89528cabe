// samepad as this example imports it, for those who run the example: elsewhere its name may mean another copy.

export * from 'samepad'
