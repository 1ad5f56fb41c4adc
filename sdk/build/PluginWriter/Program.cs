using Xrm.PluginWriter;

// Called by the build: "manifest ARGUMENTS" writes the plugin.json of a built plugin, "bundle ARGUMENTS" lays packages
// beside the host with a list of their hashes. ARGUMENTS is a file of lines, each "name=value". What goes wrong is told
// in the form in which the build shows errors.
try
{
    if (args is not [var command, var file])
        throw new BuildFailure("XRM0001", "usage: manifest|bundle ARGUMENTS");
    var arguments = Arguments.Read(file);
    switch (command)
    {
        case "manifest":
            ManifestCommand.Run(arguments);
            return 0;
        case "bundle":
            BundleCommand.Run(arguments);
            return 0;
        default:
            throw new BuildFailure("XRM0001", $"there is no command \"{command}\": manifest, bundle");
    }
}
catch (BuildFailure failure)
{
    foreach (var line in failure.Lines)
        Console.Error.WriteLine($"plugin : error {failure.Code}: {line}");
    return 1;
}
