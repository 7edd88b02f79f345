package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Types made of others: one that may be missing, lists, and the environment. */
final class CompoundTypes {

    private CompoundTypes() {}

    /** A value that may be missing. */
    static <T> SettingType<Optional<T>> optional(ScalarType<T> type) {
        return new SettingType<>() {
            @Override
            public Optional<T> read(List<String> texts, Path base) {
                return texts.isEmpty() ? Optional.empty() : Optional.of(type.read(texts, base));
            }

            @Override
            public List<String> print(Optional<T> value) {
                return value.map(type::print).orElse(List.of());
            }

            @Override
            public String allowed() {
                return type.allowed();
            }

            @Override
            public String placeholder() {
                return type.placeholder();
            }
        };
    }

    /** How several values stand in one text. */
    enum Separator {
        COMMA("Several are separated by commas."),
        COLON("Several are separated by colons."),
        /** A comma is ours, a colon OpenSSL's. */
        COMMA_OR_COLON("Several are separated by commas or colons."),
        /** Only in environment variables, and with a shell's quotes: the values themselves may hold blanks. */
        BLANK("Several are separated by blanks; quotes and backslashes work as in a shell.");

        final String sentence;

        Separator(String sentence) {
            this.sentence = sentence;
        }

        List<String> split(String text, boolean variable) {
            return switch (this) {
                case COMMA -> List.of(text.split("\\s*,\\s*", -1));
                case COLON -> List.of(text.split(":", -1));
                case COMMA_OR_COLON -> List.of(text.split("\\s*[,:]\\s*", -1));
                case BLANK -> variable ? words(text) : List.of(text);
            };
        }
    }

    /** A list in the user's order. */
    static <T> SettingType<List<T>> list(ScalarType<T> element, Separator separator) {
        return new ListType<>(element, separator) {
            @Override
            public List<T> read(List<String> texts, Path base) {
                return texts.stream()
                        .map(text -> element.read(List.of(text), base))
                        .toList();
            }

            @Override
            public List<String> print(List<T> value) {
                return value.stream().map(element::write).toList();
            }
        };
    }

    /** Environment variables, each {@code NAME=VALUE}; of one name the last counts. */
    static SettingType<Map<String, String>> environment() {
        return new ListType<>(ScalarTypes.text("NAME=VALUE", "NAME=VALUE; the value may be empty"), Separator.BLANK) {
            @Override
            public Map<String, String> read(List<String> texts, Path base) {
                Map<String, String> variables = new LinkedHashMap<>();
                texts.forEach(text -> put(variables, text));
                return Collections.unmodifiableMap(variables);
            }

            private void put(Map<String, String> variables, String text) {
                int equals = text.indexOf('=');
                if (equals < 1 || text.substring(0, equals).isBlank()) {
                    throw element.refuse(text, "is not a variable");
                }
                if (text.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("the value holds a NUL character. Allowed: " + allowed());
                }
                String name = text.substring(0, equals);
                if (KnownVariables.ofWorkers(name)) {
                    throw element.refuse(text, "is set by jcorn itself for each worker");
                }
                variables.put(name, text.substring(equals + 1));
            }

            @Override
            public List<String> print(Map<String, String> value) {
                List<String> texts = new ArrayList<>();
                value.forEach((name, text) -> texts.add(name + "=" + text));
                return texts;
            }

            @Override
            public boolean keyed() {
                return true;
            }
        };
    }

    /** A type that differs from another one in little. */
    abstract static class Delegating<T> implements SettingType<T> {

        private final SettingType<T> type;

        Delegating(SettingType<T> type) {
            this.type = type;
        }

        @Override
        public T read(List<String> texts, Path base) {
            return type.read(texts, base);
        }

        @Override
        public List<String> print(T value) {
            return type.print(value);
        }

        @Override
        public String allowed() {
            return type.allowed();
        }

        @Override
        public String placeholder() {
            return type.placeholder();
        }

        @Override
        public List<String> split(String text, boolean variable) {
            return type.split(text, variable);
        }

        @Override
        public boolean repeatable() {
            return type.repeatable();
        }

        @Override
        public String severalInVariable() {
            return type.severalInVariable();
        }
    }

    /** What all repeatable types have in common. */
    private abstract static class ListType<T, E> implements SettingType<T> {

        final ScalarType<E> element;
        private final Separator separator;

        ListType(ScalarType<E> element, Separator separator) {
            this.element = element;
            this.separator = separator;
        }

        @Override
        public List<String> split(String text, boolean variable) {
            return separator.split(text, variable);
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        @Override
        public String allowed() {
            return element.allowed();
        }

        @Override
        public String placeholder() {
            return element.placeholder();
        }

        @Override
        public String severalInVariable() {
            return separator.sentence;
        }
    }

    /** Splits as a shell does, without expansions. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                inWord = true;
            } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a " + quote + " is opened and never closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
