package io.jcorn.examples.guestbook;

/**
 * What somebody wrote.
 *
 * @param time when, as it is shown
 * @param picture whether there is one
 */
public record Entry(long id, String name, String text, String time, boolean picture) {}
