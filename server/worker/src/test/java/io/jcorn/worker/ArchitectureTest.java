package io.jcorn.worker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.worker");

    @Test
    void knowsNothingOfTheMaster() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.master..")
                .check(CLASSES);
    }

    @Test
    void theProtocolIsPure() {
        classes()
                .that()
                .resideInAPackage("io.jcorn.worker.http")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.jcorn.worker.http", "java..", "com.sun.net.httpserver", "org.jspecify..", "")
                .check(CLASSES);
    }

    @Test
    void proxyHeadersAreBytes() {
        classes()
                .that()
                .resideInAPackage("io.jcorn.worker.proxy")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.jcorn.worker.proxy", "io.jcorn.wire..", "java..", "org.jspecify..", "")
                .check(CLASSES);
    }

    @Test
    void onlyTheRootKnowsOfFiles() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jcorn.worker.engine",
                        "io.jcorn.worker.exchange",
                        "io.jcorn.worker.http",
                        "io.jcorn.worker.pool",
                        "io.jcorn.worker.app",
                        "io.jcorn.worker.proxy")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.files")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.worker.files")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jcorn.worker.engine", "io.jcorn.worker.pool", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void theContractDoesNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("io.jcorn.worker.exchange", "io.jcorn.worker.pool", "io.jcorn.worker.app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.engine")
                .check(CLASSES);
    }

    @Test
    void http2DoesNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.worker.http2")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.engine")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jcorn.worker.http",
                        "io.jcorn.worker.exchange",
                        "io.jcorn.worker.pool",
                        "io.jcorn.worker.app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.http2")
                .check(CLASSES);
    }

    /** What of Netty falls back on libraries that are not shipped: JZlib, Brotli, Zstd, Bouncy Castle. */
    @Test
    void optionalLibrariesAreOutOfReach() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.handler.codec.compression..",
                        "io.netty.handler.codec.http.websocketx.extensions..",
                        "io.netty.handler.codec.spdy..",
                        "io.netty.handler.ssl.util..",
                        "io.netty.handler.pcap..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("io\\.netty\\.handler\\.codec\\.http2?\\..*(Compressor|Decompressor|ContentDecoder"
                        + "|ContentEncoder|UpgradeHandler|UpgradeCodec).*")
                .orShould()
                .callMethodWhere(target(owner(name("io.netty.handler.ssl.SslContextBuilder")))
                        .and(target(rawParameterTypes(describe(
                                "files or streams",
                                types -> types.stream()
                                        .anyMatch(type -> type.isEquivalentTo(File.class)
                                                || type.isEquivalentTo(InputStream.class)))))))
                .check(CLASSES);
    }

    @Test
    void nobodySleepsOrStartsProcesses() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .check(CLASSES);
    }
}
