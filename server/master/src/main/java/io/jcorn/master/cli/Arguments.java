package io.jcorn.master.cli;

import io.jcorn.master.settings.Flags;
import io.jcorn.master.settings.Renamed;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line, read.
 *
 * @param action what is to be done
 * @param flags what it says about the settings, not judged yet
 */
public record Arguments(Action action, Flags flags) {

    /** What is to be done. When several are asked for, the first of these is. */
    public enum Action {
        HELP,
        VERSION,
        PRINT_CONFIG,
        CHECK_CONFIG,
        SERVE
    }

    /** What gunicorn's users try, and why jcorn has no such flag. */
    private static final Map<String, String> NOT_NEEDED = Map.of(
            "--app-args", "the arguments of the application come after --, as in jcorn app.jar -- --color=blue",
            "-D", "jcorn stays in the foreground, for systemd or a container to watch",
            "--daemon", "jcorn stays in the foreground, for systemd or a container to watch");

    /**
     * Reads the command line.
     *
     * @throws UsageException if it cannot be understood
     */
    public static Arguments parse(List<String> arguments) throws UsageException {
        int dashes = arguments.indexOf("--");
        List<String> ours = dashes < 0 ? arguments : arguments.subList(0, dashes);
        List<String> rest = dashes < 0 ? List.of() : arguments.subList(dashes + 1, arguments.size());
        refuseWhatPicocliMisreads(ours);
        ParseResult result = parsed(ours);
        return new Arguments(action(result), flags(result, rest));
    }

    private static Action action(ParseResult result) {
        if (has(result, CommandFlag.HELP)) {
            return Action.HELP;
        }
        if (has(result, CommandFlag.VERSION)) {
            return Action.VERSION;
        }
        if (has(result, CommandFlag.PRINT_CONFIG)) {
            return Action.PRINT_CONFIG;
        }
        return has(result, CommandFlag.CHECK_CONFIG) ? Action.CHECK_CONFIG : Action.SERVE;
    }

    private static boolean has(ParseResult result, CommandFlag flag) {
        return result.hasMatchedOption(flag.longFlag());
    }

    private static Flags flags(ParseResult result, List<String> rest) throws UsageException {
        Flags flags = Flags.NONE;
        if (has(result, CommandFlag.CONFIG)) {
            List<String> files = texts(result, CommandFlag.CONFIG.longFlag());
            flags = flags.withConfigFile(files.get(files.size() - 1));
        }
        for (Setting<?> setting : Settings.all()) {
            for (String text :
                    setting.rest() ? rest : setting.argument() ? positional(result) : texts(result, setting)) {
                flags = flags.with(setting, text);
            }
        }
        return flags;
    }

    private static List<String> texts(ParseResult result, Setting<?> setting) throws UsageException {
        String flag = "--" + setting.key();
        if (!setting.type().alone()) {
            return texts(result, flag);
        }
        boolean yes = result.hasMatchedOption(flag);
        boolean no = result.hasMatchedOption(Command.negated(setting));
        if (yes && no) {
            throw new UsageException(flag + " and " + Command.negated(setting) + " contradict each other");
        }
        return yes ? List.of("true") : no ? List.of("false") : List.of();
    }

    private static List<String> texts(ParseResult result, String flag) throws UsageException {
        if (!result.hasMatchedOption(flag)) {
            return List.of();
        }
        List<String> texts = result.matchedOption(flag).originalStringValues();
        for (String text : texts) {
            // An option of the JVM may look like one of our short ones: java -p is not jcorn -p.
            boolean shortToo = !flag.equals("--" + Settings.JAVA_OPTS.key());
            if (text.startsWith("--")
                    ? known().contains(nameOf(text))
                    : shortToo && shortFlags().contains(text)) {
                throw new UsageException(flag + " needs a value, but the flag " + nameOf(text) + " follows it");
            }
        }
        return texts;
    }

    private static List<String> positional(ParseResult result) throws UsageException {
        List<String> texts = result.matchedPositionals().isEmpty()
                ? List.of()
                : result.matchedPositionals().get(0).originalStringValues();
        if (texts.size() > 1) {
            throw new UsageException("unexpected argument " + texts.get(1) + ": the application is " + texts.get(0)
                    + ", and only one is served");
        }
        return texts;
    }

    private static ParseResult parsed(List<String> arguments) throws UsageException {
        try {
            return Command.parser().parseArgs(arguments.toArray(String[]::new));
        } catch (MissingParameterException e) {
            OptionSpec option = (OptionSpec) e.getMissing().get(0);
            throw new UsageException(
                    option.longestName() + " needs a value: " + option.longestName() + " " + option.paramLabel());
        } catch (UnmatchedArgumentException e) {
            throw unknown(e.getUnmatched().get(0));
        } catch (ParameterException e) {
            throw new UsageException(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("the flags are wrong"));
        }
    }

    /** A long flag after a single dash would be a short one with its value (-w orkers); and a switch takes none. */
    private static void refuseWhatPicocliMisreads(List<String> arguments) throws UsageException {
        for (String argument : arguments) {
            String name = nameOf(argument);
            if (name.length() > 2 && !name.startsWith("--") && known().contains("-" + name)) {
                throw new UsageException("unknown option " + name + "; did you mean -" + name + "?");
            }
            if (!name.equals(argument) && switches().contains(name)) {
                throw new UsageException(name + " takes no value");
            }
        }
    }

    private static UsageException unknown(String argument) {
        String name = nameOf(argument);
        String reason = NOT_NEEDED.get(name);
        if (reason != null) {
            return new UsageException("unknown option " + name + ": " + reason);
        }
        if (argument.matches("-(X.+|D.+|agentlib:.*|agentpath:.*|javaagent:.*|verbose.*|ea|esa)")) {
            return new UsageException(
                    "unknown option " + name + ": an option for the workers' JVM is given as --java-opt=" + argument);
        }
        if (!name.startsWith("--")) {
            return new UsageException("unknown option " + name);
        }
        Set<String> keys = new TreeSet<>();
        known().forEach(flag -> keys.add(flag.substring(2)));
        String meant = Renamed.withheld(name.substring(2))
                .map(why -> ": " + why)
                .or(() -> Renamed.of(name.substring(2), keys).map(key -> "; did you mean --" + key + "?"))
                .orElse("");
        return new UsageException("unknown option " + name + meant);
    }

    /** All long flags. */
    private static Set<String> known() {
        Set<String> flags = switches();
        flags.add(CommandFlag.CONFIG.longFlag());
        Settings.all().stream()
                .filter(setting -> !setting.flags().isEmpty())
                .forEach(setting -> flags.add("--" + setting.key()));
        return flags;
    }

    /** The long flags without a value. */
    private static Set<String> switches() {
        Set<String> flags = new TreeSet<>();
        for (CommandFlag flag : CommandFlag.values()) {
            if (flag.placeholder().isEmpty()) {
                flags.add(flag.longFlag());
            }
        }
        for (Setting<?> setting : Settings.all()) {
            if (setting.type().alone()) {
                flags.add("--" + setting.key());
                flags.add(Command.negated(setting));
            }
        }
        return flags;
    }

    private static Set<String> shortFlags() {
        Set<String> flags = new TreeSet<>();
        for (CommandFlag flag : CommandFlag.values()) {
            flags.add(flag.flags().get(0));
        }
        Settings.all().forEach(setting -> setting.flags().stream().findFirst().ifPresent(flags::add));
        return flags;
    }

    private static String nameOf(String argument) {
        int equals = argument.indexOf('=');
        return argument.startsWith("-") && equals > 0 ? argument.substring(0, equals) : argument;
    }
}
