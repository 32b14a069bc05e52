using VanBanDienTu.Cli;
using VanBanDienTu.Cli.Terminals;

using var interruption = new Interruption();
return await CommandLine.RunAsync(args, Console.Out, Console.Error, interruption.Token);
