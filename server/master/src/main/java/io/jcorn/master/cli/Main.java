package io.jcorn.master.cli;

import io.jcorn.master.ExitCode;
import io.jcorn.master.Inspection;
import io.jcorn.master.Master;
import io.jcorn.master.Version;
import io.jcorn.master.archive.ArchiveException;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The command {@code jcorn}. */
public final class Main {

    private static final String SYNOPSIS = """
            Usage: jcorn [OPTION]... APP [-- ARG...]

            Serves an application with several processes, for example:
              jcorn --workers 4 --bind 0.0.0.0:9000 app.jar

            jcorn --help tells all options.
            """;

    private final Map<String, String> environment;
    private final Path cwd;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> environment, Path cwd, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.cwd = cwd;
        this.out = out;
        this.err = err;
    }

    /** Runs the command and ends the process with an {@link ExitCode}. */
    public static void main(String[] arguments) {
        // Names of files are whatever bytes the terminal sent; the log is UTF-8 whatever the locale says.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        ExitCode code = new Main(System.getenv(), Path.of(""), out, err).run(List.of(arguments));
        System.exit(code.status());
    }

    ExitCode run(List<String> arguments) {
        try {
            return act(arguments);
        } catch (UsageException e) {
            err.println("jcorn: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> err.println("jcorn: " + problem));
            return ExitCode.ERROR;
        }
    }

    private ExitCode act(List<String> arguments) throws UsageException, ConfigurationException {
        // The answer that scripts ask for at every turn needs no parser.
        if (arguments.size() == 1 && CommandFlag.VERSION.flags().contains(arguments.get(0))) {
            return say(version());
        }
        if (arguments.isEmpty() && nothingToServe()) {
            err.print(SYNOPSIS);
            return ExitCode.USAGE;
        }
        Arguments read = Arguments.parse(arguments);
        ConfigurationLoader loader = new ConfigurationLoader(read.flags(), environment, cwd);
        return switch (read.action()) {
            case HELP -> say(Command.help());
            case VERSION -> say(version());
            case PRINT_CONFIG -> say(PrintedConfiguration.of(loader.resolve()));
            case CHECK_CONFIG -> check(loader.load());
            case SERVE -> Master.run(loader, loader.load());
        };
    }

    private boolean nothingToServe() {
        return !environment.containsKey(Settings.APPLICATION.variable())
                && !environment.containsKey(ConfigurationLoader.FILE_VARIABLE)
                && !Files.exists(cwd.resolve(ConfigurationLoader.DEFAULT_FILE));
    }

    private ExitCode check(Configuration configuration) throws ConfigurationException {
        try {
            Inspection.choose(configuration, environment);
            return say("Configuration OK");
        } catch (ArchiveException e) {
            // As a start would end.
            err.println("jcorn: App failed to load: " + e.getMessage());
            return ExitCode.APP_LOAD;
        } catch (IOException e) {
            err.println("jcorn: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    private ExitCode say(String text) {
        out.println(text.stripTrailing());
        return ExitCode.OK;
    }

    private static String version() {
        return "jcorn " + Version.current() + " (Java " + System.getProperty("java.version") + ", "
                + System.getProperty("java.vm.name") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ")";
    }
}
