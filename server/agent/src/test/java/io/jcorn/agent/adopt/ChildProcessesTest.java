package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessesTest {

    private final Path proc;

    ChildProcessesTest(@TempDir Path proc) {
        this.proc = proc;
    }

    private void process(String pid, String name, String... childrenOfThreads) throws IOException {
        for (int thread = 0; thread < childrenOfThreads.length; thread++) {
            Path task = Files.createDirectories(proc.resolve(pid + "/task/" + (100 + thread)));
            Files.writeString(task.resolve("children"), childrenOfThreads[thread]);
        }
        Files.createDirectories(proc.resolve(pid));
        Files.writeString(proc.resolve(pid + "/comm"), name + "\n");
    }

    @Test
    void thoseOfAllThreadsAndTheirOwnAreFound() throws IOException {
        process("self", "java", "", "7 8 ", "");
        process("7", "sh", "9 ");
        process("9", "java", "");
        process("8", "redis server", "");

        assertThat(new ChildProcesses(proc).ofThisProcess())
                .extracting(ChildProcesses.Child::toString)
                .containsExactly("sh (pid 7)", "java (pid 9)", "redis server (pid 8)");
        assertThat(new ChildProcesses(proc).ofThisProcess())
                .extracting(ChildProcesses.Child::java)
                .containsExactly(false, true, false);
    }

    @Test
    void whoHasEndedMeanwhileOrIsOneOfManyIsLeftOut() throws IOException {
        process("self", "java", "1 2 3 4 5 6 7 8 9 10 11 12 ");
        for (int pid = 2; pid <= 12; pid++) {
            process(Integer.toString(pid), "p" + pid);
        }

        assertThat(new ChildProcesses(proc).ofThisProcess())
                .extracting(ChildProcesses.Child::pid)
                .containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aKernelThatDoesNotListThemHasNone() throws IOException {
        Files.createDirectories(proc.resolve("self/task/100"));
        assertThat(new ChildProcesses(proc).ofThisProcess()).isEmpty();
        assertThat(new ChildProcesses(proc.resolve("nowhere")).ofThisProcess()).isEmpty();
    }

    @Test
    void aRealChildIsFound() throws IOException {
        Process child = new ProcessBuilder("sleep", "600").start();
        try {
            assertThat(new ChildProcesses(Path.of("/proc")).ofThisProcess())
                    .extracting(ChildProcesses.Child::pid)
                    .contains((int) child.pid());
        } finally {
            child.destroyForcibly();
        }
    }
}
