package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * What a setting's value may be, and how it is written. A value is written as one text or, for a type that is
 * {@link #repeatable}, as several; {@link #read} and {@link #print} are inverse to each other.
 *
 * @param <T> the value as the program uses it
 */
public interface SettingType<T> {

    /**
     * Reads a value.
     *
     * @param texts what the user wrote, already {@link #split}; none: the type's empty value, where it has one
     * @param base the folder that relative paths start from
     * @throws IllegalArgumentException with one sentence that quotes the text and says what is wrong and what is allowed
     */
    T read(List<String> texts, Path base);

    /** Writes a value such that {@link #read} makes an equal one of it; no texts: there is no value. */
    List<String> print(T value);

    /** What is allowed, with range and unit, such that "Allowed: …" and "It is …" can be completed with it. */
    String allowed();

    /** What stands for a value in the help, in capitals, such as {@code SECONDS}. */
    String placeholder();

    /**
     * Splits one text into the texts of a list.
     *
     * @param text the text
     * @param variable whether it comes from an environment variable, which cannot be repeated as a flag can
     */
    default List<String> split(String text, boolean variable) {
        return List.of(text);
    }

    /** Whether the flag may be given several times, each adding to the value. */
    default boolean repeatable() {
        return false;
    }

    /** Whether the flag stands alone and means {@code true}; a second flag, {@code --no-KEY}, then means {@code false}. */
    default boolean alone() {
        return false;
    }

    /** Whether the value in the file may be an object; its entries are read as texts {@code NAME=VALUE}. */
    default boolean keyed() {
        return false;
    }

    /** How several values are written in one environment variable, as a sentence; empty if there is only one. */
    default String severalInVariable() {
        return "";
    }
}
