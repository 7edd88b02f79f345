package io.jcorn.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

    private final Path source;
    private final Path run;
    private final Snapshots snapshots;

    SnapshotsTest(@TempDir Path folder) throws IOException {
        source = Files.createDirectories(folder.toRealPath().resolve("the source"));
        run = Files.createDirectories(folder.toRealPath().resolve("run"));
        snapshots = new Snapshots(run, new LinuxPosix());
    }

    private Path jar(String name, String classPath) throws IOException {
        Path jar = source.resolve(name);
        Path parent = jar.getParent();
        Files.createDirectories(parent == null ? source : parent);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        // Who it is, so that copies can be told apart.
        manifest.getMainAttributes().put(new Attributes.Name("Original"), name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.finish();
        }
        return jar;
    }

    private static String original(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Original");
        }
    }

    private static List<String> originals(Snapshot snapshot) throws IOException {
        List<String> names = new java.util.ArrayList<>();
        for (Path entry : snapshot.classpath()) {
            names.add(Files.isDirectory(entry) ? entry.getFileName() + "/" : original(entry));
        }
        return names;
    }

    @Test
    void aFastJarOfQuarkusIsCopiedWithItsFolder() throws IOException {
        Path jar = jar("quarkus-app/quarkus-run.jar", "lib/boot/runner.jar");
        jar("quarkus-app/lib/boot/runner.jar", "");
        Files.createFile(
                Files.createDirectories(source.resolve("quarkus-app/quarkus")).resolve("quarkus-application.dat"));
        Path extra = jar("extra.jar", "");

        Snapshot snapshot = snapshots.take(3, jar, List.of(extra));

        Path copy = run.resolve("gen-3/app/quarkus-app");
        assertThat(snapshot)
                .isEqualTo(
                        new Snapshot(copy.resolve("quarkus-run.jar"), List.of(run.resolve("gen-3/lib-1/extra.jar"))));
        assertThat(original(copy.resolve("lib/boot/runner.jar"))).isEqualTo("quarkus-app/lib/boot/runner.jar");
        assertThat(copy.resolve("quarkus/quarkus-application.dat")).exists();
    }

    @Test
    void whatIsTakenFromTheCopiesIsNoticed() throws IOException {
        Path app = jar("app.jar", "classes/");
        Path classes = Files.createDirectories(source.resolve("classes/deep"));
        Files.writeString(classes.resolve("A.class"), "");
        Snapshot snapshot = snapshots.take(1, app, List.of());
        assertThat(snapshots.missing(1)).isEmpty();

        Path copy = snapshot.classpath().get(0).resolve("deep/A.class");
        Files.delete(copy);
        assertThat(snapshots.missing(1)).contains(copy);

        snapshots.take(1, app, List.of());
        assertThat(snapshots.missing(1)).isEmpty();
        snapshots.forget(1);
        assertThat(snapshots.missing(1)).isEmpty();
    }

    @Test
    void aModulePathIsWhatWasNamedAndNoMore() throws IOException {
        Path app = jar("app.jar", "lib/one.jar");
        jar("lib/one.jar", "");
        Path two = jar("two.jar", "lib/one.jar");

        assertThat(snapshots.takeModules(1, app, List.of(two)))
                .isEqualTo(new Snapshot(run.resolve("gen-1/app/app.jar"), List.of(run.resolve("gen-1/lib-1/two.jar"))));
    }

    @Test
    void aJarIsCopiedAndLaterChangesDoNotReachIt() throws IOException {
        Path jar = jar("app.jar", "");

        Snapshot snapshot = snapshots.take(1, jar, List.of());
        Files.writeString(jar, "overwritten in place");

        assertThat(snapshot.application()).startsWith(run).hasFileName("app.jar");
        assertThat(original(snapshot.application())).isEqualTo("app.jar");
        assertThat(snapshot.classpath()).isEmpty();
    }

    @Test
    void aFolderIsCopiedWithAllThatIsInIt() throws IOException {
        Path classes = Files.createDirectories(source.resolve("classes/com/example"));
        Files.writeString(classes.resolve("A.class"), "a");
        Files.writeString(source.resolve("shared.properties"), "x=1");
        Files.createSymbolicLink(source.resolve("classes/shared.properties"), source.resolve("shared.properties"));
        Files.createDirectories(source.resolve("classes/empty"));

        Path copy = snapshots.take(1, source.resolve("classes"), List.of()).application();

        assertThat(copy.resolve("com/example/A.class")).hasContent("a");
        assertThat(copy.resolve("shared.properties")).hasContent("x=1");
        assertThat(Files.isSymbolicLink(copy.resolve("shared.properties"))).isFalse();
        assertThat(copy.resolve("empty")).isDirectory();
    }

    @Test
    void whatIsNeitherFileNorFolderIsLeftOut() throws IOException {
        Path classes = Files.createDirectories(source.resolve("classes"));
        Files.writeString(classes.resolve("A.class"), "a");
        Files.createSymbolicLink(classes.resolve(".#lock"), Path.of("somebody@elsewhere"));
        Files.createSymbolicLink(classes.resolve("loop"), classes);
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(classes.resolve("socket")));

            Path copy = snapshots.take(1, classes, List.of()).application();

            try (Stream<Path> entries = Files.list(copy)) {
                assertThat(entries).singleElement().isEqualTo(copy.resolve("A.class"));
            }
        }
    }

    @Test
    void theClassPathOfTheManifestIsFollowedInItsOrder() throws IOException {
        jar("lib/b.jar", "c.jar ../more/d.jar");
        jar("lib/c.jar", "");
        jar("more/d.jar", "");
        jar("lib/e.jar", "");
        Path app = jar("app.jar", "lib/b.jar lib/e.jar");

        assertThat(originals(snapshots.take(1, app, List.of())))
                .containsExactly("lib/b.jar", "lib/c.jar", "more/d.jar", "lib/e.jar");
    }

    @Test
    void entriesAreUrls() throws IOException {
        jar("with space/+.jar", "");
        Path absolute = jar("absolute.jar", "");
        Path app = jar("app.jar", "with%20space/%2B.jar " + absolute.toUri() + " http://example.com/x.jar ::bad:: %");

        assertThat(originals(snapshots.take(1, app, List.of()))).containsExactly("with space/+.jar", "absolute.jar");
    }

    @Test
    void aCircleEnds() throws IOException {
        jar("b.jar", "c.jar app.jar b.jar");
        jar("c.jar", "b.jar ./app.jar");
        Path app = jar("app.jar", "b.jar");

        assertThat(originals(snapshots.take(1, app, List.of()))).containsExactly("b.jar", "c.jar");
    }

    @Test
    void whatDoesNotExistOrIsNoArchiveIsNoError() throws IOException {
        Files.createDirectories(source.resolve("conf"));
        Files.writeString(source.resolve("notes.txt"), "no archive");
        Path app = jar("app.jar", "missing.jar notes.txt conf/");

        Snapshot snapshot = snapshots.take(1, app, List.of());

        assertThat(snapshot.classpath()).hasSize(2);
        assertThat(snapshot.classpath().get(0)).hasFileName("notes.txt").hasContent("no archive");
        assertThat(snapshot.classpath().get(1)).hasFileName("conf").isDirectory();
    }

    @Test
    void theFolderThatHoldsOurOwnIsNotCopiedForEver() throws IOException {
        Path inside = Files.createDirectories(source.resolve("tmp/run"));
        Files.writeString(source.resolve("app.properties"), "x=1");
        Path app = jar("app.jar", ".");

        Snapshot snapshot = new Snapshots(inside, new LinuxPosix()).take(1, app, List.of());

        Path copy = snapshot.classpath().get(0);
        assertThat(copy.resolve("app.properties")).hasContent("x=1");
        assertThat(copy.resolve("app.jar")).exists();
        assertThat(copy.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void theConfigurationsOwnClassPathComesAfterTheManifests() throws IOException {
        jar("b.jar", "");
        jar("d.jar", "");
        Path app = jar("app.jar", "b.jar");
        Path extra = jar("c.jar", "d.jar b.jar");

        assertThat(originals(snapshots.take(1, app, List.of(extra, app)))).containsExactly("b.jar", "c.jar", "d.jar");
    }

    @Test
    void equalNamesFromDifferentFoldersStayApart() throws IOException {
        Path app = jar("app.jar", "one/x.jar two/x.jar");
        jar("one/x.jar", "");
        jar("two/x.jar", "");
        Path classes = Files.createDirectories(source.resolve("lib-1"));
        Files.writeString(classes.resolve("A.class"), "a");

        assertThat(originals(snapshots.take(1, app, List.of()))).containsExactly("one/x.jar", "two/x.jar");
        // An application that is called like a folder of ours.
        Snapshot folder = snapshots.take(2, classes, List.of(app));
        assertThat(folder.application()).isDirectory();
        try (Stream<Path> entries = Files.list(folder.application())) {
            assertThat(entries).hasSize(1);
        }
    }

    @Test
    void aGenerationIsForgottenAloneAndTwiceIsNoError() throws IOException {
        Path app = jar("app.jar", "");
        Snapshot one = snapshots.take(1, app, List.of());
        Snapshot two = snapshots.take(2, app, List.of());

        snapshots.forget(1);
        snapshots.forget(1);

        assertThat(one.application()).doesNotExist();
        assertThat(two.application()).exists();
        assertThat(snapshots.take(2, app, List.of()).application()).exists();
    }

    @Test
    void removingFollowsNoLinks() throws IOException {
        Path precious = Files.writeString(source.resolve("precious"), "x");
        Path folder = Files.createDirectories(run.resolve("gen-9/inner"));
        Files.createSymbolicLink(folder.resolve("link"), source);
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(run.resolve("gen-8"), source);

        snapshots.forget(9);
        snapshots.forget(8);

        assertThat(run).isEmptyDirectory();
        assertThat(precious).exists();
    }

    @Test
    void whatTheFileSystemCannotCloneIsCopied() throws IOException {
        Path app = jar("app.jar", "");
        for (boolean fails : new boolean[] {true, false}) {
            Snapshots copying = new Snapshots(run, withoutClones(fails));
            assertThat(original(copying.take(1, app, List.of()).application())).isEqualTo("app.jar");
        }
    }

    private static Posix withoutClones(boolean fails) {
        Posix real = new LinuxPosix();
        return (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("cloneFile")) {
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                    if (fails) {
                        Files.writeString((Path) arguments[1], "half");
                        throw new PosixException("ioctl(FICLONE)", Errno.EACCES);
                    }
                    return false;
                });
    }

    @Test
    void whatTheOperatorNamedMustBeThereAndBeAnArchive() throws IOException {
        Path notes = Files.writeString(source.resolve("notes.txt"), "no archive");
        assertThatThrownBy(() -> snapshots.take(1, notes, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(notes + " is no archive (");
        Path app = jar("app.jar", "");
        assertThatThrownBy(() -> snapshots.take(1, app, List.of(notes)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(notes + " is no archive (");
        Path none = source.resolve("none.jar");
        assertThatThrownBy(() -> snapshots.take(1, none, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("no copy of " + none + " can be made in " + run + "/gen-1/app (" + none
                        + ": No such file or directory)");
    }
}
