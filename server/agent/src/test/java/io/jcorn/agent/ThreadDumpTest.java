package io.jcorn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadDumpTest {

    @Test
    void withoutTheManagementLibraryThereAreStillStacks() {
        assertThat(ThreadDump.plain())
                .containsPattern("heap: [0-9]+ MiB used, [0-9]+ MiB committed, [0-9]+ MiB at most\n")
                .contains('"' + Thread.currentThread().getName() + "\" #")
                .contains(ThreadDumpTest.class.getName() + ".withoutTheManagementLibrary");
    }
}
