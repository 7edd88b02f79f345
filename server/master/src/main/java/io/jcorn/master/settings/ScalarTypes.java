package io.jcorn.master.settings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plain types: numbers, durations, sizes, switches, texts, paths, modes and choices. */
final class ScalarTypes {

    private ScalarTypes() {}

    /** A whole number, both bounds included. */
    static ScalarType<Integer> integer(int least, int most) {
        String range = most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
        return new ScalarType<>("N", "a whole number " + range) {
            @Override
            Integer parse(String text, Path base) {
                return number(this, text, least, most);
            }
        };
    }

    /** A whole number, or {@code auto} for the number of processors that the JVM may use (it knows the cgroup's limit). */
    static ScalarType<Integer> processes(int least, int most) {
        return new ScalarType<>("N", "a whole number from " + least + " to " + most + ", or auto") {
            @Override
            Integer parse(String text, Path base) {
                if (text.strip().equals("auto")) {
                    return Math.min(most, Runtime.getRuntime().availableProcessors());
                }
                return number(this, text, least, most);
            }
        };
    }

    static int number(ScalarType<?> type, String text, int least, int most) {
        String digits = text.strip();
        if (!digits.matches("[+-]?[0-9]+")) {
            throw type.refuse(text, "is not a whole number");
        }
        BigInteger number = new BigInteger(digits);
        if (number.compareTo(BigInteger.valueOf(least)) < 0) {
            throw type.refuse(text, "is too small");
        }
        if (number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw type.refuse(text, "is too large");
        }
        return number.intValueExact();
    }

    /**
     * A duration in whole milliseconds. A plain number means seconds as in gunicorn, not milliseconds as in HOCON.
     *
     * @param least the shortest
     * @param most the longest
     * @param zero what 0 means where it lies below {@code least} and is allowed all the same; empty: nothing special
     */
    static ScalarType<Duration> duration(Duration least, Duration most, String zero) {
        String range = "a duration from " + inWords(least) + " to " + inWords(most)
                + " such as 30, 30s, 500ms or 2m (a plain number counts seconds)";
        return new ScalarType<>("SECONDS", zero.isEmpty() ? range : range + ", or 0 " + zero) {
            @Override
            Duration parse(String text, Path base) {
                Duration duration = Quantity.duration(this, text);
                if (duration.isZero() && !zero.isEmpty()) {
                    return duration;
                }
                if (duration.compareTo(least) < 0) {
                    throw refuse(text, "is too short");
                }
                if (duration.compareTo(most) > 0) {
                    throw refuse(text, "is too long");
                }
                return duration;
            }

            @Override
            String write(Duration value) {
                return inWords(value);
            }
        };
    }

    private static String inWords(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** A number of bytes, from 0. */
    static ScalarType<Long> size(long most, String zero) {
        return new ScalarType<>(
                "BYTES",
                "a number of bytes up to " + Quantity.bytes(most)
                        + " such as 4096, 64k, 10m or 1g (k, m and g count in 1024), or 0 " + zero) {
            @Override
            Long parse(String text, Path base) {
                BigInteger bytes = Quantity.bytes(this, text);
                if (bytes.compareTo(BigInteger.valueOf(most)) > 0) {
                    throw refuse(text, "is too large");
                }
                return bytes.longValueExact();
            }

            @Override
            String write(Long value) {
                return Quantity.bytes(value);
            }
        };
    }

    /** True or false; its flag takes no value. */
    static ScalarType<Boolean> truth() {
        return new ScalarType<>("", "true or false") {
            @Override
            Boolean parse(String text, Path base) {
                return switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on", "1" -> true;
                    case "false", "no", "off", "0" -> false;
                    default -> throw refuse(text, "is neither true nor false");
                };
            }

            @Override
            public boolean alone() {
                return true;
            }
        };
    }

    /** A text of one line. */
    static ScalarType<String> text(String placeholder, String allowed) {
        return new ScalarType<>(placeholder, allowed) {
            @Override
            String parse(String text, Path base) {
                if (text.chars().anyMatch(Character::isISOControl)) {
                    throw refuse(text.replaceAll("\\p{Cntrl}", "?"), "holds a control character");
                }
                return text;
            }
        };
    }

    /** A file or folder; a relative one starts from the base. */
    static ScalarType<Path> path(String placeholder, String allowed) {
        return new ScalarType<>(placeholder, allowed) {
            @Override
            Path parse(String text, Path base) {
                return resolve(text, base);
            }
        };
    }

    /** Under a locale without UTF-8, as systemd's and a container's often are, the JVM cannot name every file. */
    static Path resolve(String text, Path base) {
        try {
            return base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw NativeCharset.unknown(text);
        }
    }

    /** Permission bits, always read as octal digits. */
    static ScalarType<Integer> octal(int most) {
        return new ScalarType<>("OCTAL", "octal digits from 0 to " + octalDigits(most) + " such as 0022") {
            @Override
            Integer parse(String text, Path base) {
                String digits = text.strip().replaceFirst("^0o", "");
                if (!digits.matches("[0-7]{1,9}")) {
                    throw refuse(text, "is not an octal number");
                }
                int bits = Integer.parseInt(digits, 8);
                if (bits > most) {
                    throw refuse(text, "is too large");
                }
                return bits;
            }

            @Override
            String write(Integer value) {
                return octalDigits(value);
            }
        };
    }

    private static String octalDigits(int bits) {
        String digits = Integer.toOctalString(bits);
        return "0".repeat(Math.max(1, 4 - digits.length())) + digits;
    }

    /** One constant of an enum, written in lower case. */
    static <E extends Enum<E>> ScalarType<E> choice(String placeholder, Class<E> constants) {
        StringBuilder names = new StringBuilder();
        E[] all = constants.getEnumConstants();
        for (int i = 0; i < all.length; i++) {
            names.append(i == 0 ? "" : i == all.length - 1 ? " or " : ", ").append(lower(all[i]));
        }
        return new ScalarType<>(placeholder, names.toString()) {
            @Override
            E parse(String text, Path base) {
                for (E constant : all) {
                    if (lower(constant).equals(text.strip().toLowerCase(Locale.ROOT))) {
                        return constant;
                    }
                }
                throw refuse(text, "is not known");
            }

            @Override
            String write(E value) {
                return lower(value);
            }
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Numbers with units. */
    private static final class Quantity {

        private static final Pattern DURATION = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)\\s*([a-z]*)");
        private static final Pattern BYTES = Pattern.compile("([0-9]{1,18})\\s*([a-z]*)");

        static Duration duration(ScalarType<?> type, String text) {
            Matcher matcher = DURATION.matcher(text.strip());
            if (!matcher.matches()) {
                throw type.refuse(text, "is not a duration");
            }
            // The unit names are HOCON's, so that a file may say "2 minutes".
            long unit = switch (matcher.group(2)) {
                case "ms", "milli", "millis", "millisecond", "milliseconds" -> 1;
                case "", "s", "second", "seconds" -> 1_000;
                case "m", "minute", "minutes" -> 60_000;
                case "h", "hour", "hours" -> 3_600_000;
                case "d", "day", "days" -> 86_400_000;
                default -> throw type.refuse(text, "has an unknown unit");
            };
            BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
            if (millis.stripTrailingZeros().scale() > 0) {
                throw type.refuse(text, "is not a whole number of milliseconds");
            }
            return Duration.ofMillis(
                    millis.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact());
        }

        static BigInteger bytes(ScalarType<?> type, String text) {
            Matcher matcher = BYTES.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw type.refuse(text, "is not a number of bytes");
            }
            int shift = switch (matcher.group(2)) {
                case "", "b" -> 0;
                case "k", "kib" -> 10;
                case "m", "mib" -> 20;
                case "g", "gib" -> 30;
                // To some a megabyte is 1000 x 1000 bytes: guessing would be wrong for half of the users.
                case "kb", "mb", "gb" -> throw type.refuse(text, "has an ambiguous unit");
                default -> throw type.refuse(text, "has an unknown unit");
            };
            return new BigInteger(matcher.group(1)).shiftLeft(shift);
        }

        static String bytes(long bytes) {
            int unit = 0;
            while (unit < 3 && bytes != 0 && bytes % 1024 == 0) {
                bytes /= 1024;
                unit++;
            }
            return bytes + "kmg".substring(Math.max(0, unit - 1), unit);
        }
    }
}
