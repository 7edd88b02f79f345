package io.jcorn.master.archive;

import io.jcorn.master.archive.Choice.Launch;
import io.jcorn.master.settings.ModuleName;
import io.jcorn.wire.WorkerKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Applications that are started by a main class, as the java command starts them. */
final class Mains {

    static final String MAIN_CLASS = "Main-Class";

    private static final String START_CLASS = "Start-Class";
    private static final String BOOT_LOADER = "org.springframework.boot.loader.";

    private final Archive archive;

    Mains(Archive archive) {
        this.archive = archive;
    }

    /** Returns the class that {@code java -jar} would start; empty: none is declared. */
    Optional<String> declared() {
        return archive.attribute(MAIN_CLASS);
    }

    /** Whether it is a WAR that Spring Boot's loader can start. */
    boolean executableWar() {
        return declared()
                .filter(name -> name.startsWith(BOOT_LOADER) && name.endsWith("WarLauncher"))
                .isPresent();
    }

    /** The class that the user named. */
    Choice named(String name) throws IOException, ArchiveException {
        require(name, archive.path() + " has no class " + name);
        return choice(name, false, archive.name() + ": class " + name, featureOf(name));
    }

    /** The class that the manifest names. */
    Choice ofManifest(List<Path> classpath) throws IOException, ArchiveException {
        String name = declared().orElse("");
        if (name.isEmpty()) {
            throw new ArchiveException(archive.path() + " has no Main-Class in its manifest" + candidates());
        }
        require(name, archive.path() + " has no class " + name + ", which its manifest names as Main-Class");
        boolean more = !classpath.isEmpty() || !archive.manifestClassPath().isEmpty() || archive.folder();
        if (more && archive.attribute("Launcher-Agent-Class").isPresent()) {
            throw new ArchiveException(
                    archive.path() + " has a Launcher-Agent-Class in its manifest, which only java -jar"
                            + " starts, and that takes no further class path. Make one jar of all, or name the agent as"
                            + " --java-opt=-javaagent:FILE and take it out of the manifest");
        }
        Optional<String> start = startClass(name);
        int feature = featureOf(name);
        if (start.isPresent()) {
            feature = Math.max(
                    feature,
                    archive.classIn(startFile(start.get()))
                            .map(ClassFile::feature)
                            .orElse(0));
        }
        String reason = archive.name() + ": Main-Class " + name
                + start.map(other -> ", Start-Class " + other).orElse("");
        return choice(name, !archive.folder(), reason, feature);
    }

    private Choice choice(String name, boolean jar, String reason, int feature) {
        Launch launch = new Launch(Optional.of(name), jar, manifestFlags());
        return new Choice(WorkerKind.MAIN, reason, Optional.empty(), launch, feature);
    }

    private int featureOf(String name) throws IOException {
        return archive.classNamed(name).map(ClassFile::feature).orElse(0);
    }

    private void require(String name, String otherwise) throws IOException, ArchiveException {
        if (archive.hasClass(name)) {
            return;
        }
        if (archive.has(startFile(name))) {
            throw new ArchiveException(
                    archive.path() + " has " + name + " in " + bootClasses() + ", where only Spring Boot's"
                            + " own launcher finds it. Leave the class out: jcorn " + archive.name());
        }
        throw new ArchiveException(otherwise + Archive.similar(name, archive.classNames("")));
    }

    private String candidates() throws IOException {
        List<String> mains = Candidates.of(archive).mains();
        return switch (mains.size()) {
            case 0 ->
                ", and no class in it has a main method. Name the class: jcorn " + archive.name() + ":com.example.Main";
            case 1 ->
                ", but " + mains.get(0) + " in it has a main method. Name it: jcorn " + archive.name() + ":"
                        + mains.get(0);
            default ->
                ", and several classes in it have a main method: " + Candidates.some(mains)
                        + ". Name the one to run: jcorn " + archive.name() + ":" + mains.get(0);
        };
    }

    /** Spring Boot's launcher starts another class, which is not where Java would look for it. */
    private Optional<String> startClass(String mainClass) throws IOException, ArchiveException {
        Optional<String> start = mainClass.startsWith(BOOT_LOADER) ? archive.attribute(START_CLASS) : Optional.empty();
        // PropertiesLauncher may be told another class and other places by a file or by properties.
        if (start.isEmpty() || mainClass.endsWith("PropertiesLauncher") || found(start.get())) {
            return start;
        }
        throw new ArchiveException(archive.path() + " has no class " + start.get()
                + ", which its manifest names as Start-Class"
                + Archive.similar(start.get(), archive.classNames(bootClasses())));
    }

    private boolean found(String start) throws IOException {
        return archive.has(startFile(start)) || archive.hasClass(start) || inNestedJar(start);
    }

    private String bootClasses() {
        return archive.attribute("Spring-Boot-Classes").orElse("BOOT-INF/classes/");
    }

    private String startFile(String name) {
        return bootClasses() + name.replace('.', '/') + ".class";
    }

    /** Rare, so it may take a moment: the class that starts comes from one of the libraries. */
    private boolean inNestedJar(String name) throws IOException {
        String file = name.replace('.', '/') + ".class";
        for (String entry : archive.names()) {
            if (entry.endsWith(".jar") && nestedHas(archive.read(entry).orElse(new byte[0]), file)) {
                return true;
            }
        }
        return false;
    }

    private static boolean nestedHas(byte[] jar, String file) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals(file)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What {@code java -jar} reads from the manifest, see "JAR File Specification", as flags for {@code java -cp}. */
    private List<String> manifestFlags() {
        List<String> flags = new ArrayList<>();
        words("Add-Exports").forEach(packages -> flags.add("--add-exports=" + packages + "=ALL-UNNAMED"));
        words("Add-Opens").forEach(packages -> flags.add("--add-opens=" + packages + "=ALL-UNNAMED"));
        words("Enable-Native-Access").forEach(whom -> flags.add("--enable-native-access=" + whom));
        return flags;
    }

    private Stream<String> words(String attribute) {
        return archive.attribute(attribute).stream().flatMap(value -> Arrays.stream(value.split("\\s+", -1)));
    }

    /** A module of the application or of the class path, which are the module path then. */
    Choice module(ModuleName module, List<Path> classpath) throws IOException, ArchiveException {
        List<Path> path = new ArrayList<>(List.of(archive.path()));
        path.addAll(classpath);
        try {
            ModuleFinder finder = ModuleFinder.of(path.toArray(Path[]::new));
            if (finder.find(module.module()).isEmpty()) {
                throw new ArchiveException(
                        archive.path() + " has no module " + module.module() + similarModule(module.module(), finder));
            }
        } catch (FindException e) {
            // Made for a newer Java than the master's, perhaps: the worker's own Java will tell.
            return moduleChoice(module);
        }
        return moduleChoice(module);
    }

    private static String similarModule(String name, ModuleFinder finder) {
        Collection<String> names = finder.findAll().stream()
                .map(found -> found.descriptor().name())
                .sorted()
                .toList();
        return names.isEmpty() ? "" : Archive.similar(name, names);
    }

    private Choice moduleChoice(ModuleName module) throws IOException {
        int feature =
                archive.classIn("module-info.class").map(ClassFile::feature).orElse(0);
        if (module.mainClass().isPresent()) {
            feature = Math.max(feature, featureOf(module.mainClass().get()));
        }
        Launch launch = new Launch(Optional.empty(), false, List.of());
        return new Choice(WorkerKind.MAIN, archive.name() + ": module " + module, Optional.empty(), launch, feature);
    }
}
