using TorchSharp;

torch.random.manual_seed(0);
Console.WriteLine(torch.randn(4).ToString(TensorStringStyle.Default));
