package comity.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import org.eclipse.dataspacetck.core.system.ConsoleMonitor;
import org.eclipse.dataspacetck.dsp.system.DspSystemLauncher;
import org.eclipse.dataspacetck.runtime.TckRuntime;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the compatibility kit once and says how it went: {@code Main PROPERTIES [PREFIX]}.
 *
 * <p>The kit prints a line for each test. What it counted follows, on one line that
 * {@code tools/conformance} reads, with the reason of each failure. A run of nothing is no success.
 */
public final class Main {
    private static final String TESTS = "org.eclipse.dataspacetck.dsp.verification";

    private Main() {
    }

    public static void main(String[] arguments) throws IOException {
        var settings = read(Path.of(arguments[0]));
        var monitor = new ConsoleMonitor(Boolean.parseBoolean(settings.get("dataspacetck.debug")), false);
        var kit = TckRuntime.Builder.newInstance()
                .properties(settings)
                .addPackage(TESTS)
                .launcher(DspSystemLauncher.class)
                .monitor(monitor);
        if (arguments.length > 1) {
            kit.displayNameMatching(name -> name.startsWith(arguments[1]));
        }
        var summary = kit.build().execute();
        for (TestExecutionSummary.Failure failure : summary.getFailures()) {
            System.out.println("BECAUSE: " + failure.getTestIdentifier().getDisplayName());
            System.out.println("  " + String.valueOf(failure.getException()).replace("\n", "\n  "));
        }
        System.out.printf("COUNTED: found %d, succeeded %d, failed %d, skipped %d%n",
                summary.getTestsFoundCount(), summary.getTestsSucceededCount(),
                summary.getTestsFailedCount(), summary.getTestsSkippedCount());
        // The kit leaves threads of its servers behind: nothing ends unless it is told to.
        var good = summary.getTestsFailedCount() == 0 && summary.getTestsSucceededCount() > 0;
        System.exit(good ? 0 : 1);
    }

    private static Map<String, String> read(Path file) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }
}
